# SPDX-License-Identifier: Apache-2.0
"""The parts of `bench` about many mails: catchup, volume and bigmbox.

Catching up has two ends. *Stored*: every mail is fetched and safe on the disk, sealed, in the ledger;
this is what mbsync does, and what is compared. *Read*: every mail is also parsed, its signature
checked, matched and booked, which none of the others does.

mbsync waits for the disk (FSync yes, its default) or does not. The imaplib scripts write each mail
into a Maildir, as a simple script would, without waiting for the disk; or keep nothing at all.
"""

import asyncio
import imaplib
import multiprocessing
import os
import re
import shutil
import ssl
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
USER, PASSWORD = "inbox", "sesame"
# Whom the sample banks write to, and about which accounts.
OWN = """\
matching:
  own_accounts:
    ['412-****567', '7***3', '6612XXXX0934', 'TR69 0001 2070 0000 0007 4074 02', '3', '5001']
  own_addresses: [odemeler@sahnekapisi.example]
"""


class MailServer:
    """A private Dovecot with sample mails in its inbox."""

    def __init__(self, mutabik, folder, count):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        self.folder, self.count = folder, count
        self.home, self.sample = folder / "dovecot", folder / "sample"
        sample = [mutabik, "sandbox", "mails", "--now", "--layout", "maildir", "--count"]
        subprocess.run(sample + [str(count), self.sample], check=True, stdout=subprocess.DEVNULL)
        self.command("start")
        told = (folder / "dovecot.txt").read_text()
        self.plain, self.tls = map(int, re.search(r"port (\d+) .* and (\d+)", told).groups())
        owner = (self.home / "mail").stat()
        new = self.home / "mail/new"
        for mail in (self.sample / "Maildir/new").iterdir():
            os.chown(mail, owner.st_uid, owner.st_gid)
            mail.rename(new / mail.name)
        self.authority = self.home / "ca.pem"
        # The server numbers and measures the mails once, before anybody is timed.
        fetch(self.plain, False, None, 100)

    def command(self, word):
        # A pipe would stay open as long as Dovecot holds it.
        with open(self.folder / "dovecot.txt", "w") as out:
            subprocess.run([HERE / "dovecot-private", word, self.home], check=True, stdout=out)

    def stop(self):
        self.command("stop")


# MARK: - The line

def delay_line(port, milliseconds, ready):
    """Passes bytes to a port of this machine, each after half the round trip's time."""

    async def serve():
        loop = asyncio.get_running_loop()

        async def carry(reader, writer):
            arrived = asyncio.Queue()

            async def leave():
                while (item := await arrived.get()) is not None:
                    due, data = item
                    if (wait := due - loop.time()) > 0:
                        await asyncio.sleep(wait)
                    writer.write(data)
                    await writer.drain()
                writer.close()

            leaving = asyncio.create_task(leave())
            try:
                while data := await reader.read(1 << 18):
                    arrived.put_nowait((loop.time() + milliseconds / 2000, data))
            except ConnectionError:
                pass
            arrived.put_nowait(None)
            await asyncio.gather(leaving, return_exceptions=True)

        async def accept(reader, writer):
            far = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(carry(reader, far[1]), carry(far[0], writer))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


class DelayLine:
    def __init__(self, port, milliseconds):
        ready = multiprocessing.Queue()
        arguments = (port, milliseconds, ready)
        self.process = multiprocessing.Process(target=delay_line, args=arguments, daemon=True)
        self.process.start()
        self.port = ready.get()

    def stop(self):
        self.process.terminate()
        self.process.join()


# MARK: - Who takes part

def fetch(port, tls, authority, batch, box=None):
    """imaplib, `batch` mails in a request, each written to a file of `box` if there is one. Returns
    how many came."""
    if tls:
        context = ssl.create_default_context(cafile=authority)
        server = imaplib.IMAP4_SSL("localhost", port, ssl_context=context)
    else:
        server = imaplib.IMAP4("localhost", port)
    server.login(USER, PASSWORD)
    server.select("INBOX", readonly=True)
    uids = server.uid("SEARCH", "ALL")[1][0].split()
    came = 0
    for start in range(0, len(uids), batch):
        part = uids[start : start + batch]
        span = b",".join(part) if batch == 1 else part[0] + b":" + part[-1]
        answer = server.uid("FETCH", span.decode(), "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[])")[1]
        mails = [item[1] for item in answer if isinstance(item, tuple)]
        for number, mail in enumerate(mails if box else [], came):
            Path(box, f"{number}.bench").write_bytes(mail)
        came += len(mails)
    server.logout()
    return came


def with_imaplib(batch, keeps=True):
    def run(server, port, tls, folder):
        box = folder / "new" if keeps else None
        if box:
            box.mkdir()
        # A process of its own, as somebody would run it.
        code = (
            f"import sys; sys.path.insert(0, {str(HERE)!r}); import bench_catchup as b; "
            f"print(b.fetch({port}, {tls}, {str(server.authority)!r}, {batch}, "
            f"{box and str(box)!r}))"
        )
        began = time.perf_counter()
        came = subprocess.check_output([sys.executable, "-c", code], text=True)
        return time.perf_counter() - began, int(came)

    return run


def with_mbsync(synced):
    def run(server, port, tls, folder):
        box = folder / "mbsync"
        box.mkdir()
        configuration = folder / "mbsyncrc"
        kind = f"SSLType IMAPS\nCertificateFile {server.authority}" if tls else "SSLType None"
        configuration.write_text(f"""\
FSync {"yes" if synced else "no"}
IMAPAccount a
Host localhost
Port {port}
User {USER}
Pass {PASSWORD}
AuthMechs PLAIN
{kind}

IMAPStore far
Account a

MaildirStore near
Path {box}/
Inbox {box}/INBOX

Channel c
Far :far:
Near :near:
Patterns INBOX
Sync Pull New
Create Near
SyncState *
""")
        command = ["mbsync", "--config", configuration, "--quiet", "c"]
        began = time.perf_counter()
        subprocess.run(command, check=True)
        seconds = time.perf_counter() - began
        return seconds, sum(1 for part in ("new", "cur") for _ in (box / "INBOX" / part).iterdir())

    return run


class Agent:
    """A fresh agent on a mailbox; `stored` waits until all of it is in the ledger, `read` until all
    of it is settled."""

    def __init__(self, mutabik, server, port, tls, folder):
        def secret(name, text):
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)

        secret("key", subprocess.check_output(["openssl", "rand", "-base64", "32"], text=True))
        secret("password", PASSWORD + "\n")
        config = folder / "mutabik.yaml"
        config.write_text(f"""\
state_directory: {folder}/state
rules_directory: {HERE.parent}/rules
master_key: {{file: {folder}/key}}
mailboxes:
  - name: bank
    host: localhost
    port: {port}
    security: {"tls" if tls else "none"}
    user: {USER}
    password: {{file: {folder}/password}}
    ca_file: {server.authority}
trust: {{dkim_keys_file: {server.sample}/keys.tsv, dns: false}}
{OWN}""")
        registrations = server.sample / "registrations.csv"
        subprocess.run(
            [mutabik, "registrations", "import", "--config", config, registrations],
            check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [mutabik, "run", "--config", config], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)  # fmt: skip

        self.told, self.is_waiting = {"stored": [], "read": []}, False

    WORDS = {
        "stored": re.compile(r"caught up, (\d+) taken in"),
        "read": re.compile(r'"event":"all_read","mails":(\d+)'),
    }

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the agent ended by itself")
        if "waiting for announcements" in line:
            self.is_waiting = True
        for what, words in self.WORDS.items():
            if found := words.search(line):
                self.told[what].append((time.perf_counter() - self.began, int(found.group(1))))

    def wait(self, what, count):
        """Seconds from the start until so many mails are stored or read."""
        while (came := sum(mails for _, mails in self.told[what])) < count:
            self.hear()
        if came != count:
            sys.exit(f"bench: {came} of {count} mails {what}")
        seconds = max(seconds for seconds, mails in self.told[what] if mails)
        self.told[what] = []
        return seconds

    def peak_mb(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        self.process.stdout.read()
        self.process.wait()


def with_agent(mutabik, read):
    def run(server, port, tls, folder):
        agent = Agent(mutabik, server, port, tls, folder)
        try:
            stored = agent.wait("stored", server.count)
            read.append(agent.wait("read", server.count))
            return stored, server.count
        finally:
            agent.stop()

    return run


# MARK: - The parts

def take_turns(rivals, server, port, tls, folder, turns, say):
    """Each once per turn, in an order that rotates. Returns each one's seconds."""
    seconds = {name: [] for name in rivals}
    names = list(rivals)
    for turn in range(turns):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            place = folder / "turn"
            place.mkdir()
            taken, came = rivals[name](server, port, tls, place)
            shutil.rmtree(place)
            if came != server.count:
                sys.exit(f"bench: {name}: {came} of {server.count} mails")
            seconds[name].append(taken)
    for name, taken in seconds.items():
        say(f"    {name}: {', '.join(f'{value:.2f}' for value in taken)} s")
    return seconds


def rows_of(seconds, read, count, what):
    own = seconds["mutabik"]
    median = statistics.median(read)
    rows = [(f"{what}, every mail read", f"{median:.2f} s", "", f"{count / median:.0f} a second")]
    read.clear()
    for name, others in seconds.items():
        if name == "mutabik":
            continue
        ratios = [other / mine for mine, other in zip(own, others)]
        rows.append(
            (
                f"{what} (against: {name})", f"{statistics.median(own):.2f} s",
                f"{statistics.median(others):.2f} s",
                f"{statistics.median(ratios):.1f} times ({min(ratios):.1f} to {max(ratios):.1f})",
            )  # fmt: skip
        )
    return rows


def catchup(mutabik, folder, options, say):
    count, far_count, turns = options.mailbox, options.far_mailbox, options.catchup_runs
    say(f"Catching up: {count} mails, {turns} turns; with 50 ms of round trip {far_count} mails")
    if not shutil.which("mbsync"):
        sys.exit("bench: mbsync is missing; `scripts/packages test` installs it")
    read = []
    rivals = {
        "mutabik": with_agent(mutabik, read), "mbsync": with_mbsync(True),
        "mbsync, FSync no": with_mbsync(False), "imaplib, 100 a request": with_imaplib(100),
        "imaplib, 100 a request, nothing kept": with_imaplib(100, keeps=False),
    }  # fmt: skip
    one_by_one = {"imaplib, one a request": with_imaplib(1)}
    rows = []
    server = MailServer(mutabik, folder / "near", count)
    try:
        for tls in (False, True):
            kind = "TLS" if tls else "plain"
            say(f"  {kind}")
            port = server.tls if tls else server.plain
            seconds = take_turns(rivals | one_by_one, server, port, tls, folder, turns, say)
            rows += rows_of(seconds, read, count, f"Catching up {count} mails, {kind}")
    finally:
        server.stop()
    shutil.rmtree(folder / "near")
    server = MailServer(mutabik, folder / "far", far_count)
    try:
        for tls in (False, True):
            kind = ("TLS" if tls else "plain") + ", 50 ms"
            say(f"  {kind}")
            line = DelayLine(server.tls if tls else server.plain, 50)
            seconds = take_turns(rivals, server, line.port, tls, folder, turns, say)
            # A minute each; it hardly varies.
            slow = take_turns(one_by_one, server, line.port, tls, folder, 1, say)
            seconds |= {name: taken * turns for name, taken in slow.items()}
            rows += rows_of(seconds, read, far_count, f"Catching up {far_count} mails, {kind}")
            line.stop()
    finally:
        server.stop()
    shutil.rmtree(folder / "far")
    return rows


def volume(mutabik, folder, options, say):
    """A large folder and a burst. Memory must not grow with the folder."""
    rows, peaks = [], {}
    for count in (5_000, options.folder):
        say(f"Volume: a folder of {count} mails, TLS")
        server = MailServer(mutabik, folder / f"volume{count}", count)
        place = folder / "agent"
        place.mkdir()
        agent = Agent(mutabik, server, server.tls, True, place)
        try:
            stored, read = agent.wait("stored", count), agent.wait("read", count)
            peaks[count] = agent.peak_mb()
            say(f"  stored in {stored:.1f} s, read in {read:.1f} s, peak {peaks[count]:.0f} MB")
            if count == options.folder:
                rows.append(burst(server, agent, say))
        finally:
            agent.stop()
            server.stop()
        shutil.rmtree(folder / f"volume{count}")
        shutil.rmtree(place)
    few, many = peaks[5_000], peaks[options.folder]
    rows.append(
        (f"Catching up, peak memory: 5000 mails against {options.folder}",
         f"{few:.0f} MB", f"{many:.0f} MB", f"{many / few:.2f} times")
    )  # fmt: skip
    return rows


def burst(server, agent, say, count=1_000):
    """So many mails come at once while the agent waits in IDLE."""
    while not agent.is_waiting:
        agent.hear()
    owner = (server.home / "mail").stat()
    waiting = server.home / "mail/tmp"
    for number in range(count):
        mail = waiting / f"burst{number}.bench"
        mail.write_text(f"From: bank@example.org\nSubject: Burst {number}\n\ntext\n")
        os.chown(mail, owner.st_uid, owner.st_gid)
    began = time.perf_counter()
    for number in range(count):
        name = f"burst{number}.bench"
        (waiting / name).rename(server.home / "mail/new" / name)
    agent.wait("stored", count)
    stored = time.perf_counter() - began
    agent.wait("read", count)
    seconds = time.perf_counter() - began
    say(f"  a burst of {count}: all stored after {stored:.1f} s, all read after {seconds:.1f} s")
    return (
        f"A burst of {count} mails into a watched folder of {server.count}",
        f"{seconds:.1f} s", "", f"{count / seconds:.0f} a second",
    )  # fmt: skip


# MARK: - A mailbox larger than memory

def write_mbox(output, size):
    """About so many bytes of mbox: notes, mails of 1 to 9 MB, and now and then one of 40 MB, over
    the limit. No two are the same."""
    line = b"QmVuIGJpciBla2lt4oCmIGJ1IHNhdMSxciB1enVuY2EgYmlyIGVrdGlyIHZlIGJhc2U2NCBpbGUga29k\n"
    megabyte = line * ((1 << 20) // len(line))
    written = number = 0
    while written < size:
        number += 1
        megabytes = 40 if number % 100 == 0 else (number % 10 if number % 2 else 0)
        head = (
            f"From elif@example.org Sun Nov 22 11:05:33 2026\nFrom: elif@example.org\n"
            f"Subject: Ek {number}\nMessage-ID: <{number}@example.org>\nMIME-Version: 1.0\n"
            f"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
        ).encode()
        output.write(head)
        for _ in range(megabytes):
            output.write(megabyte)
        output.write(b"c29u\n\n")
        written += len(head) + megabytes * len(megabyte) + 6
    return number


def bigmbox(mutabik, folder, options, say):
    """Through standard input, so that no disk has to hold it; then once from a file, with the bar."""
    rules = HERE.parent / "rules"
    command = [mutabik, "replay", "--json", "--rules", rules, "-"]
    peaks, small, large = {}, min(1.0, options.gigabytes / 10), options.gigabytes
    for size in (small, large):
        say(f"Large mbox: {size:g} GB through standard input")
        began = time.perf_counter()
        with open(folder / "reports", "wb") as reports:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=reports)
            mails = write_mbox(child.stdin, int(size * 1e9))
            child.stdin.close()
            _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        with open(folder / "reports", "rb") as reports:
            read = sum(1 for _ in reports)
        if child.returncode != 0 or read != mails:
            sys.exit(f"bench: {read} of {mails} mails, ended with {child.returncode}")
        peaks[size] = usage.ru_maxrss / 1024
        say(f"  {mails} mails, {seconds:.0f} s, {size * 1000 / seconds:.0f} MB/s, peak {peaks[size]:.0f} MB")
    steps = bar_steps(mutabik, rules, folder, small)
    say(f"  the same from a file of {small:g} GB: the bar was drawn {len(steps)} times, from "
        f"{steps[0]} % to {steps[-1]} %")  # fmt: skip
    return [
        (f"Replay of a large mbox, peak memory: {small:g} GB against {large:g} GB",
         f"{peaks[small]:.0f} MB", f"{peaks[large]:.0f} MB",
         f"{peaks[large] / peaks[small]:.2f} times")
    ]  # fmt: skip


def bar_steps(mutabik, rules, folder, gigabytes):
    """The percentages that the progress bar shows on a terminal."""
    path = folder / "large.mbox"
    with open(path, "wb") as file:
        write_mbox(file, int(gigabytes * 1e9))
    main, other = os.openpty()
    command = [mutabik, "replay", "--json", "--rules", rules, path]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=other, stdin=other)
    os.close(other)
    shown = b""
    try:
        while data := os.read(main, 4096):
            shown += data
    except OSError:
        # The terminal's other end is closed.
        pass
    child.wait()
    path.unlink()
    steps = [int(number) for number in re.findall(rb"(\d+) ?%", shown)]
    if not steps or steps != sorted(steps):
        sys.exit("bench: no progress bar")
    return steps
