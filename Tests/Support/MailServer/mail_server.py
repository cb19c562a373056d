# SPDX-License-Identifier: Apache-2.0
"""A real SMTP server (aiosmtpd) on loopback that takes mail, and misbehaves as it is told.

    mail_server.py FOLDER '{"security": "starttls", "user": "u", "password": "p", "steps": [...]}'

Writes FOLDER/port when it is ready, and ends when its standard input closes. Mails that it took lie
in FOLDER as 001.eml …; verbs that it heard are lines of FOLDER/heard. Each MAIL command uses up one
of `steps`:

    {"rcpt": "450 4.2.0 later"}    the answer to a command: mail, rcpt, or data (after the dot)
    {"cut": "rcpt"}                the connection is cut at rcpt, or at data before the mail is taken
    {"cut": "taken"}               ... after it is taken and before the answer
    {"wait": "rcpt", "for": 2}     seconds of silence before the answer to rcpt or data

`security`: none, starttls, stripped (STARTTLS is not offered), tls. `name`: whom the certificate is
for. `log_in`: the answer to every log-in.
"""
import asyncio, json, os, ssl, subprocess, sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, settings = sys.argv[1], json.loads(sys.argv[2])
steps = settings.get("steps", [])
heard = open(os.path.join(folder, "heard"), "a", buffering=1)
taken = 0


def certificate():
    name = settings.get("name", "localhost")
    path = lambda file: os.path.join(folder, file)
    run = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run("req", "-x509", *key, "-keyout", path("ca.key"), "-out", path("ca.pem"), "-days", "2",
        "-subj", "/CN=test authority")
    run("req", *key, "-keyout", path("key.pem"), "-out", path("csr.pem"), "-subj", "/CN=" + name)
    with open(path("names"), "w") as names:
        names.write("subjectAltName=DNS:" + name)
    run("x509", "-req", "-in", path("csr.pem"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
        "-CAcreateserial", "-out", path("cert.pem"), "-days", "2", "-extfile", path("names"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("cert.pem"), path("key.pem"))
    return context


class Desk:
    async def act(self, server, envelope, verb):
        """Does what the step wants at this verb; the answer it wants, or None."""
        heard.write(verb + "\n")
        step = envelope.step
        if step.get("wait") == verb:
            await asyncio.sleep(step["for"])
        if step.get("cut") == verb:
            server.transport.abort()
        return step.get(verb)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        heard.write("ehlo " + hostname + "\n")
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.step = steps.pop(0) if steps else {}
        answer = await self.act(server, envelope, "mail")
        envelope.mail_from = address
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await self.act(server, envelope, "rcpt")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        global taken
        answer = await self.act(server, envelope, "data")
        if answer or envelope.step.get("cut") == "data":
            return answer or "451 gone"
        taken += 1
        name = os.path.join(folder, "%03d" % taken)
        with open(name + ".part", "wb") as file:
            file.write(envelope.content)
        os.rename(name + ".part", name + ".eml")
        heard.write("taken from %s for %s\n" % (envelope.mail_from, ",".join(envelope.rcpt_tos)))
        if envelope.step.get("cut") == "taken":
            server.transport.abort()
        return "250 2.0.0 Ok: queued as 4Rx%d for <guest@example.org>" % taken


def log_in(server, session, envelope, mechanism, data):
    heard.write("auth " + mechanism + "\n")
    if settings.get("log_in"):
        return AuthResult(success=False, handled=False, message=settings["log_in"])
    fits = (
        isinstance(data, LoginPassword)
        and data.login == settings["user"].encode()
        and data.password == settings["password"].encode())
    return AuthResult(success=fits, handled=False)


async def main():
    security = settings.get("security", "none")
    context = certificate() if security in ("starttls", "tls") else None
    words = {"hostname": "mail.example", "auth_require_tls": security == "starttls"}
    if settings.get("user"):
        words.update(authenticator=log_in, auth_required=True)
    if security == "starttls":
        words.update(tls_context=context, require_starttls=True)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Desk(), loop=loop, **words), "127.0.0.1", 0,
        ssl=context if security == "tls" else None)
    with open(os.path.join(folder, "port.part"), "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(os.path.join(folder, "port.part"), os.path.join(folder, "port"))
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


import logging, warnings
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
asyncio.run(main())
