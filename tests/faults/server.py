"""Scripted servers for the fault laboratory. Prints "ready" once it can be reached.

    server.py listen ADDRESS PORT       accepts and says nothing
    server.py full ADDRESS PORT         never accepts, its queue is full
    server.py late ADDRESS PORT SECONDS is not there until so long after the first try
    server.py talk ADDRESS PORT HOW [PEM]
                                        HOW is one of TALKS; PEM: certificates and key.
                                        Prints what it hears, a word a line
    server.py dns ADDRESS ANSWER [IPV6 [SECONDS]]
                                        nxdomain, nodata, servfail, refused, or an IPv4
                                        address; then for IPv6: nodata, or silent; each so
                                        long after it was asked
"""
import contextlib
import select
import socket
import socketserver
import ssl
import struct
import sys
import threading

RCODES = {"nodata": 0, "servfail": 2, "nxdomain": 3, "refused": 5}


def ready():
    print("ready", flush=True)


def wait(seconds=None):
    select.select([], [], [], seconds)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listen(address, port, backlog=16):
    server = socket.socket(family_of(address))
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, int(port)))
    server.listen(backlog)
    return server


def accept_silently(server):
    kept = []
    while True:
        kept.append(server.accept())


def serve_silently(address, port):
    server = listen(address, port)
    ready()
    accept_silently(server)


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
    wait()
    server.close()


def serve_late(address, port, seconds):
    """A raw socket sees the try that the kernel refuses."""
    tries = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    ready()
    tries.recv(64)
    tries.close()
    wait(float(seconds))
    accept_silently(listen(address, port))


def hear(client):
    """The next line of the client; its first word is printed."""
    line = b""
    while not line.endswith(b"\n"):
        byte = client.recv(1)
        if not byte:
            return b""
        line += byte
    print(line.split()[0].decode("latin-1"), flush=True)
    return line


def until_it_leaves(client):
    while client.recv(65536):
        pass


def says(text):
    def talk(client, _):
        client.sendall(text)
        until_it_leaves(client)

    return talk


def drip(client, _):
    for byte in b"220 mail.test ESMTP Postfix\r\n":
        client.sendall(bytes([byte]))
        wait(1)


def reset(client, _):
    """Once the client knows of the connection: sooner, what it sees first is chance."""
    wait(0.3)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def answer_http(client, _):
    """As nginx does, which never speaks first."""
    client.recv(65536)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n")


def answers(text):
    """A server that never speaks first."""

    def talk(client, _):
        client.recv(65536)
        client.sendall(text)
        until_it_leaves(client)

    return talk


def echo(client, _):
    while heard := client.recv(65536):
        client.sendall(heard)


def encrypt(client, pem, newest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if newest:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = newest
    context.load_cert_chain(pem)
    return context.wrap_socket(client, server_side=True)


def smtp(starttls=b"220 2.0.0 Ready to start TLS\r\n", offer=b"250-STARTTLS\r\n", **tls):
    """A server that offers STARTTLS and answers it so; inside TLS it offers AUTH."""

    def talk(client, pem):
        client.sendall(b"220 mail.test ESMTP Postfix\r\n")
        while line := hear(client):
            extension = b"250-AUTH PLAIN LOGIN\r\n" if isinstance(client, ssl.SSLSocket) else offer
            if line.startswith(b"EHLO"):
                client.sendall(b"250-mail.test\r\n" + extension + b"250 8BITMIME\r\n")
            elif line.startswith(b"STARTTLS"):
                client.sendall(starttls)
                if starttls.startswith(b"220"):
                    client = encrypt(client, pem, **tls)
            else:
                client.sendall(b"221 2.0.0 Bye\r\n")

    return talk


def smtp_saying(answers, greeting=b"220 mail.test ESMTP Postfix\r\n"):
    """A server that answers each command so, and others, once there are no more, with 221."""

    def talk(client, _):
        client.sendall(greeting)
        for answer in answers:
            hear(client)
            client.sendall(answer)
        while hear(client):
            client.sendall(b"221 2.0.0 Bye\r\n")

    return talk


def inject_late(client, _):
    """Answers STARTTLS, and the ClientHello in the clear."""
    client.sendall(b"220 mail.test ESMTP Postfix\r\n")
    hear(client)
    client.sendall(b"250-mail.test\r\n250 STARTTLS\r\n")
    hear(client)
    client.sendall(b"220 go\r\n")
    client.recv(65536)
    client.sendall(b"250 late inject\r\n")
    until_it_leaves(client)


def leave_at_ehlo(client, _):
    client.sendall(b"220 mail.test ESMTP Postfix\r\n")
    hear(client)


def inside_tls(talk):
    return lambda client, pem: talk(encrypt(client, pem), pem)


def offer_mechanisms(client, _):
    """As Dovecot tells Postfix what to offer for AUTH. Credentials would be heard here."""
    client.sendall(
        b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\n"
        b"SPID\t1\nCUID\t1\nCOOKIE\t" + 32 * b"0" + b"\nDONE\n"
    )
    while hear(client):
        pass


# What a terminal must not see, in the words of a refusal: a window title, a clipboard
# (OSC 52), colours and a cleared screen (CSI), the same in C1, a text turned round (bidi),
# invalid UTF-8, a backspace and a lone carriage return.
ESCAPES = (
    b"554 \x1b]0;pwned\x07 \x1b]52;c;cm0gLXJm\x07 \x1b[2J\x1b[32mPASS \xc2\x9b31m \x9b31m "
    b"\xe2\x80\xae\xe2\x81\xa6txet \xff\xfe \xed\xa0\x80 \x08\x08\rFAIL \x00 end\r\n"
)

TALKS = {
    "silent": says(b""),
    "closing": lambda client, _: None,
    "leaving": leave_at_ehlo,
    "leaving-late": lambda client, _: client.recv(65536),
    "resetting": reset,
    "dripping": drip,
    "busy": says(b"421 4.7.0 mail.test too many connections, try again later\r\n"),
    "busy-later": smtp_saying([b"421 4.3.2 mail.test is shutting down\r\n"]),
    "greylisting": says(b"450 4.7.1 mail.test come back later\r\n"),
    "refusing": says(b"554 5.7.1 mail.test your address is on our block list\r\n"),
    "binary": says(bytes(range(1, 256)) + b"\r\n"),
    "escapes": says(ESCAPES),
    "long-line": says(b"220 " + 100_000 * b"x" + b"\r\n"),
    "long-reply": says(2_000 * (b"220-" + 44 * b"x" + b"\r\n")),
    "http": answer_http,
    "redis": answers(b"-ERR unknown command '\x16\x03\x01', with args beginning with: \r\n"),
    "redis-full": says(b"-ERR max number of clients reached\r\n"),
    "no-mailbox": answers(b"-ERR what is that?\r\n"),
    "pregreet": answers(b"550 5.5.1 Protocol error\r\n"),
    "amqp": answers(b"AMQP\0\0\x09\x01"),
    "echo": echo,
    "ssh": says(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"),
    "imap": says(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.\r\n"),
    "pop3": says(b"+OK Dovecot ready.\r\n"),
    "ftp": says(b"220 (vsFTPd 3.0.3)\r\n"),
    "smtp": smtp(),
    "smtp-plain": smtp(offer=b""),
    "smtp-clear": smtp(offer=b"250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n"),
    "smtp-old": smtp(newest=ssl.TLSVersion.TLSv1_1),
    "smtp-454": smtp(b"454 4.7.0 TLS not available due to local problem\r\n"),
    "smtp-injected": smtp(b"220 2.0.0 Ready\r\n250 injected\r\n"),
    "smtp-late": inject_late,
    "smtp-500": smtp_saying([b"500 unknown\r\n", b"250 mail.test\r\n"]),
    "smtp-550": smtp_saying([b"550 5.7.1 your name does not resolve\r\n"]),
    "smtp-mute": smtp_saying([b""]),
    "smtp-nonsense": smtp_saying([b"what do you mean?\r\n"]),
    "ftp-plain": smtp_saying(
        [b"530 Please login with USER and PASS.\r\n"], b"220 Welcome.\r\n"
    ),
    "codes-only": smtp_saying(2 * [b"500 unknown\r\n"], b"220 ready\r\n"),
    "alert": says(b"\x15\x03\x01\x00\x02\x02\x28"),
    "imaps": inside_tls(says(b"* OK Dovecot ready.\r\n")),
    "smtps": inside_tls(smtp()),
    "https": inside_tls(lambda client, _: hear(client)),
    "passwords": offer_mechanisms,
}


def serve_talk(address, port, how, pem=None):
    def handle(client, *_):
        with contextlib.suppress(OSError):  # clients leave when they like
            TALKS[how](client, pem)

    socketserver.ThreadingTCPServer.address_family = family_of(address)
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer.daemon_threads = True
    server = socketserver.ThreadingTCPServer((address, int(port)), handle)
    ready()
    server.serve_forever()


def question_of(query):
    return query[12 : query.index(b"\0", 12) + 5]


def answer_dns(query, answer):
    """The answer to the one question of a query: an A record, or a code."""
    has_address = answer not in RCODES
    flags = 0x8180 | RCODES.get(answer, 0)
    header = query[:2] + struct.pack("!HHHHH", flags, 1, has_address, 0, 0)
    record = b""
    if has_address:
        record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(answer)
    return header + question_of(query) + record


def serve_dns(address, ipv4, ipv6="nodata", seconds=0):
    server = socket.socket(family_of(address), socket.SOCK_DGRAM)
    server.bind((address, 53))
    ready()
    while True:
        query, client = server.recvfrom(512)
        is_ipv6 = question_of(query).endswith(b"\0\x1c\0\1")
        answer = ipv6 if is_ipv6 and ipv4 not in RCODES else ipv4
        if answer != "silent":
            reply = (answer_dns(query, answer), client)
            threading.Timer(float(seconds), server.sendto, reply).start()


SERVERS = {
    "listen": serve_silently,
    "full": fill_queue,
    "late": serve_late,
    "talk": serve_talk,
    "dns": serve_dns,
}
SERVERS[sys.argv[1]](*sys.argv[2:])
