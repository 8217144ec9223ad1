#!/usr/bin/env bash
# docs: lint proves the articles, man prints the manual.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

stella 0 docs lint
silent "$err"
says '^3 articles, 0 problems$'

# breaks LINE TEXT SED-SCRIPT: an article changed like this has that problem in that line
# (of the changed file), and no other.
source=stellaops.doctor.integration/smtp.md
breaks() {
    rm -rf "$work/data"
    mkdir "$work/data"
    cp -r "$root"/data/{checks,articles,diagnosis} "$work/data"
    sed -i "$3" "$work/data/articles/$source"
    stella 1 docs lint --data "$work/data"
    grep -qE -- "$source:$1: .*$2" "$out" || fail "not said: $1: $2"
    says '^3 articles, [1-9][0-9]* problems?$'
    silent "$err"
}
line_of() {
    grep -n -m 1 -- "$1" "$root/data/articles/$source" | cut -d: -f1
}
related=$(line_of '^## Related Checks')
end=$(wc -l <"$root/data/articles/$source")
causes=$(line_of '^## Common Causes')
compose=$(line_of '^### Docker Compose')
fence=$(line_of '^```')
verify=$(grep -n '^```bash' "$root/data/articles/$source" | tail -1 | cut -d: -f1)

breaks "[0-9]+" 'there is no section Verification' '/^## Verification/d'
breaks "$((causes + 1))" 'Common Causes is here a second time' "${causes}p"
breaks "[0-9]+" 'must stand further up' "$(printf '%s{h;d}\n%sG' "$causes" "$end")"
breaks "$((related + 1))" 'there is no check check\.no\.such' "${related}a- [x](check.no.such)"
breaks "$((related + 1))" 'there is no check check\.integration\.smpt' \
    "${related}acheck.integration.smpt"
breaks "$((fence + 1))" 'no such command: unknown command rnu; did you mean run' \
    "${fence}astella doctor rnu"
breaks "$((fence + 1))" 'no such command: .*--tmeout' "${fence}astella doctor run --tmeout 5s"
breaks "$((causes + 1))" 'no such command: ' "${causes}aTry \`stella doctor run --for 5s\` first."
breaks "$((fence + 2))" 'no such command: .*--tmeout' \
    "${fence}astella doctor run \\\\\\n  --tmeout 5s"
breaks "$((fence + 1))" 'no such command: unknown command rnu' "${fence}asudo stella doctor rnu"
breaks "$((fence + 1))" 'no such command: unknown tag smpt; did you mean smtp' \
    "${fence}astella-doctor run --tag 'smpt'"
breaks "$((fence + 1))" 'no such command: this is the doctor' "${fence}astella deploy now"
breaks "$((causes + 1))" 'the link slak\.md#why leads nowhere' "${causes}a[Slack](slak.md#why)"
breaks "$((causes + 1))" 'the link #no-such-heading leads nowhere' "${causes}a[x](#no-such-heading)"
breaks "$((causes + 1))" 'no rule of diagnosis/ knows the cause nonsense' \
    "${causes}a- x <!-- cause: nonsense -->"
breaks "$((related + 1))" 'must stand inside an item of Common Causes' \
    "${related}a- x <!-- cause: refused -->"
mark=$(line_of '^<!-- steps:')
breaks "$((mark + 2))" 'the step "Look at what is configured.*" is not marked' "${mark}d"
breaks "$mark" 'the mark has 2 entries, but the block has 3 commands' "${mark}s/; reads//"
breaks "$mark" 'harmless' "${mark}s/reads/harmless/"
breaks "$((compose + 1))" 'the mark of steps stands before no block' \
    "${compose}a<!-- steps: reads -->"
breaks "[0-9]+" 'Docker Compose has no steps' "${compose}s/.*/### Other/"
breaks "[0-9]+" 'a fenced block is not closed' "\$a\`\`\`"

# What looks like a mistake and is none.
keeps() {
    rm -rf "$work/data"
    mkdir "$work/data"
    cp -r "$root"/data/{checks,articles,diagnosis} "$work/data"
    sed -i "$1" "$work/data/articles/$source"
    stella 0 docs lint --data "$work/data"
    says '^3 articles, 0 problems$'
}
keeps "${causes}a[a](slack.md) [b](../${source%/*}/teams.md#x) [c](#common-causes) [d](https://e.f/)"
keeps "${causes}aA class \`[a](b)\` of \`stella\`, \`stella-doctor.ini\`, \`stella doctor\`."
keeps "${verify}astella doctor run \\\\\\n  --set 'A:B=c; d' --check check.integration.smtp >out"
keeps "${verify}aapt install stella-doctor; x=\$(stella doctor list --format json)"

# Problems of files that do not load, and of rules whose cause no article marks.
rm -rf "$work/data"
cp -r "$root/data" "$work/data"
sed -i 1d "$work/data/articles/$source"
stella 1 docs lint --data "$work/data"
says "$source:1: no front matter"
says 'checks/[a-z]+\.ini:[0-9]+: no article has checkId: check\.integration\.smtp'
says 'there is no check check\.integration\.smtp'
says 'diagnosis/[a-z]+\.ini:[0-9]+: \[.*\] is for the cause firewall, which no article marks'
says '^2 articles, [0-9]+ problems$'

# The manual: complete, and clean but for pages that are not installed here.
for page in stella-doctor.1 stella-doctor.ini.5 stella-doctor-checks.7; do
    stella 0 docs man $page
    silent "$err"
    mandoc -T lint <"$out" >"$work/lint" || true
    if grep -v 'referenced manual not found' "$work/lint" >&2; then fail "$page"; fi
    mandoc -T utf8 <"$out" | col -b >"$work/$page"
    [ "$(wc -l <"$work/$page")" -gt 30 ] || fail "$page is short"
done
for command in run list show settings docs completion; do
    "$STELLA" doctor $command --help | grep -oE -- '--[a-z-]+ ' | while read -r option; do
        grep -q -- "$option" "$work/stella-doctor.1" || fail "no $option in the manual"
    done
done
for id in $("$STELLA" doctor completion ids); do
    grep -q "$id" "$work/stella-doctor-checks.7" || fail "no $id in the manual"
done
# Every key is in it that the readme has, whose tables are those of the dashboard.
tr -s ' \t\n' ' ' <"$work/stella-doctor.1" >"$work/flat"
sed -n 's/^| \x60\(.*\)\x60 | \(.*\) |$/\1\t\2/p' "$root/README.md" | grep -v "^check\." >"$work/keys"
[ "$(wc -l <"$work/keys")" -gt 50 ] || fail 'no keys in the readme'
while IFS=$'\t' read -r key help; do
    grep -qiF -- "$key $help" "$work/flat" || fail "no key $key in the manual: $help"
done <"$work/keys"
for word in XDG_STATE_HOME VISUAL EDITOR journal.jsonl; do
    grep -q "$word" "$work/flat" || fail "no $word in the manual"
done
! grep -q 'It changes nothing' "$work/flat" || fail 'the manual says that nothing is changed'

# What is wrong with the question.
stella 3 docs
stella 3 docs lnit
says 'did you mean lint\?' "$err"
stella 3 docs lint articles
stella 3 docs man
stella 3 docs man stella-docter.1
says 'did you mean stella-doctor\.1\?' "$err"
stella 3 docs lint --data "$work/none"
