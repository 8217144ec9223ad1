"""Scripted servers for the fault laboratory. Prints "ready" once it can be reached.

    server.py listen ADDRESS PORT       accepts and says nothing
    server.py full ADDRESS PORT         never accepts, its queue is full
    server.py dns ADDRESS ANSWER        nxdomain, nodata, servfail, refused, or an address
"""
import select
import socket
import struct
import sys

RCODES = {"nodata": 0, "servfail": 2, "nxdomain": 3, "refused": 5}


def ready():
    print("ready", flush=True)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listen(address, port, backlog=16):
    server = socket.socket(family_of(address))
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, int(port)))
    server.listen(backlog)
    return server


def serve_silently(address, port):
    server = listen(address, port)
    ready()
    kept = []
    while True:
        kept.append(server.accept())


def fill_queue(address, port):
    """Connects until the kernel takes no more."""
    server = listen(address, port, 0)
    clients = []
    while True:
        client = socket.socket(family_of(address))
        client.setblocking(False)
        client.connect_ex((address, int(port)))
        clients.append(client)
        if not select.select([], [client], [], 0.3)[1]:
            break
    ready()
    select.select([], [], [])
    server.close()


def answer_dns(query, answer):
    """The answer to the one question of a query: an A record, or a code."""
    name_end = query.index(b"\0", 12) + 1
    question = query[12 : name_end + 4]
    is_a = question[-4:-2] == b"\0\1"
    has_address = answer not in RCODES and is_a
    flags = 0x8180 | RCODES.get(answer, 0)
    header = query[:2] + struct.pack("!HHHHH", flags, 1, has_address, 0, 0)
    record = b""
    if has_address:
        record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(answer)
    return header + question + record


def serve_dns(address, answer):
    server = socket.socket(family_of(address), socket.SOCK_DGRAM)
    server.bind((address, 53))
    ready()
    while True:
        query, client = server.recvfrom(512)
        server.sendto(answer_dns(query, answer), client)


SERVERS = {"listen": serve_silently, "full": fill_queue, "dns": serve_dns}
SERVERS[sys.argv[1]](*sys.argv[2:])
