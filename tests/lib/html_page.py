"""A report in HTML: hostile logs for it, and a strict look at it.

usage: html_page.py log PORT FOLDER            writes FOLDER/hostile.log and FOLDER/visible (what must be seen, as text)
       html_page.py check PAGE [VISIBLE]       is the page what it must be, and all of VISIBLE text in it?
       html_page.py census PAGE                how many elements of each kind a parser sees, one kind a line
       html_page.py serve FILE                 listens on a port of 127.0.0.1, prints it, and writes each request to FILE
"""
import collections
import html
import html.parser
import http.server
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

ELEMENTS = set("""html head meta title style body a header p h1 h2 h3 h4 ul ol li b span small main section figure
    figcaption svg g line text rect path dl div dt dd details summary table caption thead tbody tr th td fieldset legend
    label input article code bdi time pre br footer""".split())
ATTRIBUTES = set("""lang charset http-equiv content name id class href type checked autocomplete width height role x y x1
    x2 y1 y2 dx d overflow scope colspan datetime aria-label aria-labelledby aria-hidden data-is viewBox""".split())
VOID = {"meta", "br", "input"}


def names(port):
    """What an intruder may call a program, a file or a host."""
    url = b"http://127.0.0.1:%d" % port
    return [
        b"<script>document.title='owned'</script>", b"\"><img src=x onerror=document.title='owned'>",
        b"'><svg onload=document.title='owned'>", b"</title><script>document.title='owned'</script>",
        b"</style><script>document.title='owned'</script>", b"--><script>document.title='owned'</script>",
        b"]]><script>document.title='owned'</script>", b"javascript:document.title='owned'",
        b"<img src=" + url + b"/img>", b"<link rel=stylesheet href=" + url + b"/css>",
        b"<style>@import url(" + url + b"/import);*{display:none}</style>", b"<iframe src=" + url + b"/frame>",
        b"<meta http-equiv=refresh content='0;url=" + url + b"/refresh'>", b"<base href=" + url + b"/>",
        b"<a href=\"" + url + b"\" ping=" + url + b"/ping autofocus>", b"<form action=" + url + b"><button autofocus>",
        b"&#60;script&#62;", b"&lt;b&gt;", b"&", b"&amp", b"</article></main></body></html>", b"<!--", b"<![CDATA[",
        b"<plaintext>", b"<textarea>", b"{{7*7}}", b"${7*7}", b"`id`", b"a\0b", b"\x1b[2J", b"a\nb", b"a\r\nb", b"\t",
        b"\xff\xfe", b"\xc0\xbcscript\xc0\xbe", b"\xe2\x80\xae" b"drowssap", b"\xe2\x81\xa6x", b"\xe2\x80\xa8", b"\xef\xbb\xbf",
        b"\xe2\x80\x8b", b"\xef\xbf\xbe", b"\xc2\x85", b"e" + b"\xcc\x81" * 30, b"\xd7\xa9\xd7\x9c", b"\xf0\x9f\x98\x80",
        b"\xef\xbc\x9cscript\xef\xbc\x9e", b"\\x3cscript\\x3e", b"'", b"\"", b"=1+1", b"x" * 3000, b"A B",
    ]


def visible(text):
    """What the page must show of it: the rules of escape.h, written anew."""
    shown, marks = "", 0
    decoded = text.decode("utf-8", "surrogateescape")
    for i, char in enumerate(decoded):
        marks = marks + 1 if unicodedata.category(char) == "Mn" else 0
        point = ord(char)
        hidden = (unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs") or point & 0xfffe == 0xfffe or marks > 2
                  or (char == "\\" and decoded[i + 1:i + 2] in ("x", "X")))
        raw = char.encode("utf-8", "surrogateescape")
        shown += "".join(f"\\x{byte:02x}" for byte in raw) if hidden else char
    return shown


def event(serial, kinds):
    return b"".join(b"type=%s msg=audit(1795430%03d.%03d:%d): %s\n" % (kind, serial // 10, serial % 1000, serial, body)
                    for kind, body in kinds)


def call(number, pid, comm, exe):
    return (b"arch=c000003e syscall=%d success=yes exit=3 a0=ffffff9c a1=7f00 a2=0 a3=0 items=1 ppid=1 pid=%d auid=1000 "
            b"uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=%d comm=%s exe=%s key=(null)"
            % (number, pid, pid, comm, exe))


def story(serial, pid, text):
    """A program of that name starts with it as argument, in a folder of it, and opens the mem of 7 by way of it."""
    def hexed(value):
        return value.hex().upper().encode()
    comm, exe = hexed(text[:15]), hexed(b"/opt/" + text)
    way = hexed(b"/" + text.replace(b"/", b"") + b"/../proc/7/mem")
    path = b"item=0 name=%s inode=1 dev=00:15 mode=0100600 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL"
    return event(serial, [
        (b"SYSCALL", call(59, pid, comm, exe)), (b"EXECVE", b"argc=2 a0=%s a1=%s" % (hexed(text), hexed(text))),
        (b"CWD", b"cwd=" + hexed(b"/" + text)), (b"PATH", path % exe), (b"PROCTITLE", b"proctitle=" + hexed(text)),
    ]) + event(serial + 1, [
        (b"SYSCALL", call(257, pid, comm, exe)), (b"CWD", b"cwd=" + hexed(b"/" + text)), (b"PATH", path % way),
        (b"PROCTITLE", b"proctitle=" + hexed(text)),
    ])


def write_log(port, folder):
    with open(f"{folder}/hostile.log", "wb") as log, open(f"{folder}/visible", "w", encoding="utf-8") as seen:
        for i, text in enumerate(names(int(port))):
            log.write(story(1000 + 4 * i, 20000 + i, text))
            seen.write(visible(text[:2000]) + "\n")
        for i, text in enumerate(names(int(port))):  # hosts: what stands in "node=" up to a blank
            host = re.sub(rb"[\0\s]", b"_", text)[:60]
            log.write(b"".join(b"node=" + host + b" " + line + b"\n"
                               for line in story(2000 + 4 * i, 30000 + i, b"tool").splitlines()))


class Page(html.parser.HTMLParser):
    """Strict: every element that is opened is closed, by the tag that is due."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.bad, self.text, self.headings = [], [], [], []
        self.ids, self.links, self.census = collections.Counter(), [], collections.Counter()
        self.security = self.labels = self.captions = 0

    def need(self, condition, words):
        if not condition:
            self.bad.append(f"line {self.getpos()[0]}: {words}")

    def handle_starttag(self, tag, attrs):
        self.need(tag in VOID, f"<{tag}> is never closed") if tag in VOID else self.open.append(tag)
        self.look(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self.look(tag, attrs)

    def handle_endtag(self, tag):
        self.need(self.open and self.open.pop() == tag, f"</{tag}> is not due")

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def handle_comment(self, data):
        self.need(False, "a comment")

    def unknown_decl(self, data):
        self.need(False, "a declaration")

    def look(self, tag, attrs):
        self.census[tag] += 1
        self.need(tag in ELEMENTS, f"<{tag}> is no element of a report")
        self.need(len(dict(attrs)) == len(attrs), f"<{tag}> has an attribute twice")
        for name, value in attrs:
            self.need(name in {known.lower() for known in ATTRIBUTES}, f"<{tag} {name}> is no attribute of a report")
            self.need(value is not None, f"<{tag} {name}> has no value")
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids[attrs["id"]] += 1
        if "href" in attrs:
            self.links.append(attrs["href"])
        if attrs.get("http-equiv") == "Content-Security-Policy":
            self.security += attrs["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "input":
            self.need("label" in self.open, "an input without a label")


def check(path, seen=None):
    source = open(path, encoding="utf-8", newline="").read()
    page = Page()
    page.feed(source)
    page.close()
    ElementTree.fromstring(source.replace("<!DOCTYPE html>", "", 1))
    page.need(not page.open, f"left open: {page.open}")
    page.need(page.security == 1, "the security policy is missing")
    page.need(source.index("Content-Security-Policy") < source.index("<title"), "the policy comes too late")
    page.need(not [name for name, count in page.ids.items() if count > 1], "an id is there twice")
    page.need(all(link[0] == "#" and link[1:] in page.ids for link in page.links), "a link leads nowhere")
    page.need(page.headings[:1] == [1] and page.headings.count(1) == 1, "there is not one <h1>, first of all")
    page.need(all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:])), "a level of headings is left out")
    page.need(page.census["caption"] == page.census["table"], "a table without a caption")
    style = source[source.index("<style>"):source.index("</style>")]
    page.need(page.census["style"] == 1 and not re.search(r"url\(|@import|expression|[^ -~\n]", style), "the style loads")
    page.need(all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in source),
              "a control character")
    shown = " ".join("".join(page.text).split())
    for line in open(seen, encoding="utf-8") if seen else []:
        wanted = " ".join(line.split())
        page.need(wanted in shown, f"not seen: {wanted[:80]}")
    for words in page.bad[:10]:
        print(ascii(words))
    sys.exit(1 if page.bad else 0)


def census(path):
    page = Page()
    page.feed(open(path, encoding="utf-8", errors="replace").read())
    for tag, count in sorted(page.census.items()):
        print(tag, count)


def serve(path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(path, "a", encoding="utf-8") as log:
                log.write(ascii(self.path) + "\n")
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    {"log": write_log, "check": check, "census": census, "serve": serve}[sys.argv[1]](*sys.argv[2:])
