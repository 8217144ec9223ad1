#!/bin/sh
# Prints the assembly that embeds data/ in the program: embed_files and
# embed_files_count of src/base/embed.c. Arguments: the files, from the top folder.
set -eu

echo '.section .rodata, "a", %progbits'
number=0
for file; do
    printf 'path%d: .asciz "%s"\n' "$number" "${file#data/}"
    printf 'data%d: .incbin "%s"\nend%d: .byte 0\n' "$number" "$file" "$number"
    number=$((number + 1))
done

# Address-sized words. Of a file: path, data, len.
echo '.section .data.rel.ro, "aw", %progbits'
echo '.balign 16'
echo '.globl embed_files, embed_files_count'
echo 'embed_files:'
count=$number
number=0
while [ "$number" -lt "$count" ]; do
    printf '.dc.a path%d, data%d, end%d - data%d\n' "$number" "$number" "$number" "$number"
    number=$((number + 1))
done
echo "embed_files_count: .dc.a $count"
echo '.section .note.GNU-stack, "", %progbits'
