"""A mail server that costs next to nothing, so that what is measured is whoever sends to it."""

import os
import socket
import threading
from pathlib import Path

ANSWERS = {
    b"EHLO": b"250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
OK = b"250 OK\r\n"
END = b"\r\n.\r\n"


def quick_sink(port: int, book: str) -> None:
    """Be a mail server that takes every mail, and writes down to whom before it says so."""
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        line, _ = listener.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(line, Path(book)), daemon=True).start()


def _serve(line: socket.socket, path: Path) -> None:
    book = os.open(path, os.O_WRONLY | os.O_APPEND)
    line.sendall(b"220 sink.example\r\n")
    heard, to = b"", b""
    with line:
        while True:
            end = heard.find(b"\r\n")
            if end < 0:
                more = line.recv(65536)
                if not more:
                    return
                heard += more
                continue
            said, heard = heard[:end], heard[end + 2 :]
            command = said[:4].upper()
            if command == b"RCPT":
                to = said[said.index(b"<") + 1 : said.index(b">")]
            line.sendall(ANSWERS.get(command, OK))
            if command == b"DATA":
                heard = _after_mail(line, heard)
                os.write(book, to + b"\n")
                line.sendall(OK)


def _after_mail(line: socket.socket, heard: bytes) -> bytes:
    """Read to the end of the mail and return what came after it."""
    while END not in heard:
        more = line.recv(65536)
        if not more:
            return b""
        heard += more
    return heard.partition(END)[2]
