# SPDX-License-Identifier: Apache-2.0
"""What the rule files cost: to load, and for each mail, with 20 and with 2,000 of them.

The files are made from the ones that ship, each with senders, labels and sentences of its own. The
alternatives see the same texts: a plain loop that tries every file on each mail, and
`fail2ban-regex` with one expression per rule. fail2ban is not installed for it: its Debian package
is only unpacked, so that no service of it starts.
"""

import email
import email.policy
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
RULES = HERE.parent / "rules"
FEW, MANY = 20, 2000
HOSTILE_BYTES = 256 * 1024
FAIL2BAN_TURNS = 20
TEMPLATES = ["garanti-bbva", "akbank", "yapi-kredi", "halkbank", "kuveyt-turk", "papara"]


def say(text=""):
    print(text, flush=True)


def rule_files(folder, count):
    """`count` files that differ in what an index goes by: senders, names and sentences."""
    for number in range(count):
        template = TEMPLATES[number % len(TEMPLATES)]
        text = (RULES / template / "rule.yaml").read_text(encoding="utf-8")
        if number >= len(TEMPLATES):
            text = vary(text, template, number)
        target = folder / f"bank{number}"
        target.mkdir(parents=True)
        (target / "rule.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(RULES / "common", folder / "common")


def vary(text, template, number):
    """The same bank under another name: every domain, the id, and one word of each sentence."""
    bank = re.search(r"^bank: (.*)$", text, flags=re.M).group(1)
    for name in {bank, bank.upper()}:
        text = re.sub(rf"(?<![@.\w-]){re.escape(name)}(?![\w./-])", f"{name} {number}", text)
    text = re.sub(r"^id: .*$", f"id: {template}-{number}", text, flags=re.M)
    text = re.sub(r"^names: .*\n", "", text, flags=re.M)
    text = re.sub(r"([a-z0-9-]+)\.com(\.tr)?\b", rf"\g<1>{number}.com\2", text, flags=re.I)
    text = re.sub(rf"imitates: {template}/", f"imitates: {template}-{number}/", text)
    word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    text = text.replace("hesabınıza", f"hesab{word}ınıza")
    return re.sub(r"gönderdi\b", f"gönder{word}di", text)


def hostile_mails(folder):
    """256 KB of what is worst for patterns and labels, from a bank's own address."""
    garanti = "garantibbva@garantibbva.com.tr"
    akbank = "hizmet@bilgi.akbank.com"
    line = "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti.\n"
    sentence = "no.lu hesabınıza açıklaması ile girişi olmuştur Şube 7 no.lu hesabınıza "
    texts = {
        "one-letter": (akbank, "Hesabınıza nakit girişi olmuştur", "a" * HOSTILE_BYTES),
        "labels": (garanti, "Gelen Para Transferi", line + "Tutar: 1,00 TL\nAçıklama: x\n" * 15000),
        "label-starts": (garanti, "Gelen Para Transferi", line + "Gönderici Ad Soya\n" * 13000),
        "frames": (garanti, "Gelen Para Transferi", line * 3500),
        "sentence-starts": (akbank, "Hesabınıza nakit girişi olmuştur", sentence * 3600),
        "digits": (akbank, "Hesabınıza nakit girişi olmuştur", sentence + "1.250,00 TL " * 21000),
        "cells": (garanti, "Gelen Para Transferi", line + "Tutar\t:\t" * 30000),
        "stranger": ("a@posta.example", "Merhaba", (sentence + line) * 1800),
    }
    paths = []
    for name, (sender, subject, text) in texts.items():
        body = text.encode()[:HOSTILE_BYTES].decode(errors="ignore")
        path = folder / f"{name}.eml"
        path.write_bytes(mail(sender, subject, body).encode())
        paths.append(path)
    return paths + repeated_mails(folder)


def repeated_mails(folder):
    """Of every bank a notice of its own, over and over: on lines of their own, and on one line."""
    paths = []
    for source in sorted(RULES.glob("*/samples/p*.text.eml")):
        bank = source.parents[1].name
        if any(path.stem.startswith(f"{bank}-") for path in paths):
            continue
        parsed = email.message_from_bytes(source.read_bytes(), policy=email.policy.default)
        text = parsed.get_content()
        for form, unit in [("lines", text), ("line", " ".join(text.split()) + " ")]:
            body = (unit * (HOSTILE_BYTES // len(unit.encode()) + 1)).encode()[:HOSTILE_BYTES]
            path = folder / f"{bank}-{form}.eml"
            path.write_bytes(
                mail(parsed["From"], parsed["Subject"], body.decode(errors="ignore")).encode())
            paths.append(path)
    return paths


def mail(sender, subject, body):
    return (
        f"From: {sender}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 14:05:33 +0300\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    )


def measure(binary, rules, mails, *more):
    output = subprocess.run(
        [binary, "rules", "measure", "--rules", str(rules), *more, *map(str, mails)],
        check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def fail2ban(folder, mails, count):
    """Seconds that fail2ban-regex takes for a mail, with `count` expressions; None without it."""
    script = find_fail2ban(folder)
    if not script:
        return None
    expressions = []
    for number in range(count):
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        expressions.append(
            rf"hesab{word}ınıza (?:.+ açıklaması ile )?<F-ID>.+?</F-ID> tarafından "
            r"[\d.,]+ TL (?:HAVALE|EFT|FAST) girişi olmuştur")
    filter_file = folder / f"rules-{count}.conf"
    filter_file.write_text(
        "[Definition]\nfailregex = " + "\n            ".join(expressions) + "\n", encoding="utf-8")
    log = folder / f"mails-{count}.log"
    lines = []
    for path in mails:
        parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        text = " ".join(parsed.get_content().split())
        # Often enough that starting it and compiling does not count.
        lines += [f"2026-11-22 14:05:33 {text[:2000]}"] * FAIL2BAN_TURNS
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(log_file):
        began = time.perf_counter()
        environment = dict(os.environ, PYTHONPATH=str(script.parents[1] / "lib/python3/dist-packages"))
        subprocess.run(
            ["/usr/bin/python3", str(script), "--encoding", "utf-8", "--no-check-all", str(log_file),
             str(filter_file)],
            check=False, capture_output=True, env=environment)
        return time.perf_counter() - began

    empty = folder / "empty.log"
    empty.write_text("2026-11-22 14:05:33 x\n", encoding="utf-8")
    # What starting and compiling cost is taken off.
    return max(0.0, run(log) - run(empty)) / len(lines)


def find_fail2ban(folder):
    if "FAIL2BAN_REGEX" in os.environ:
        return Path(os.environ["FAIL2BAN_REGEX"])
    target = folder / "fail2ban"
    if not target.exists():
        target.mkdir()
        fetched = subprocess.run(
            ["apt-get", "download", "-qq", "fail2ban"], cwd=target, capture_output=True)
        packages = list(target.glob("fail2ban_*.deb"))
        if fetched.returncode or not packages:
            return None
        subprocess.run(["dpkg", "-x", str(packages[0]), str(target)], check=True)
    script = target / "usr/bin/fail2ban-regex"
    return script if script.exists() else None


def median(values):
    return statistics.median(values)


def rules(binary, _, __, say):
    """The part of `bench`: rows of what, ours, theirs, ratio."""
    say("Rule files (medians; a mail is parsed already)")
    with tempfile.TemporaryDirectory(prefix="mutabik-rules-") as name:
        folder = Path(name)
        mails = sorted(RULES.glob("*/samples/*.text.eml"))
        hostile = hostile_mails(folder)
        figures = {}
        for count in (FEW, MANY):
            rule_files(folder / f"rules{count}", count)
            figures[count] = measure(
                binary, folder / f"rules{count}", mails, "--every-file", "--rounds", "50")
        say(f"  load and test {MANY} files        {figures[MANY]['load_ms'] / 1000:8.2f} s")
        times = {count: median([m["read_us"] for m in figures[count]["mails"]]) for count in figures}
        loops = {
            count: median([m["every_file_us"] for m in figures[count]["mails"]])
            for count in figures}
        ratios = [
            many["read_us"] / max(1, few["read_us"])
            for few, many in zip(figures[FEW]["mails"], figures[MANY]["mails"])]
        for count in (FEW, MANY):
            say(f"  a mail, {count:4} files            {times[count]:8.0f} µs"
                f"   a loop over all: {loops[count]:10.0f} µs")
        say(f"  {MANY} files against {FEW}, per mail  {median(ratios):8.2f} times")
        alternative = None
        for count in (FEW, MANY):
            seconds = alternative = fail2ban(folder, mails, count)
            if seconds is None:
                say("  fail2ban-regex                  not there (apt-get download fail2ban)")
                break
            say(f"  fail2ban-regex, {count:4} expressions {seconds * 1e6:8.0f} µs per mail")
        worst = measure(binary, RULES, hostile, "--rounds", "9")
        for one in sorted(worst["mails"], key=lambda one: -one["read_us"])[:10]:
            say(f"  256 KB, {Path(one['mail']).stem:16} {one['read_us'] / 1000:14.1f} ms"
                f"   {one['outcome']}")
        # What the project promises: 1.5 times, 50 ms, 10 s.
        worst_ms = max(one["read_us"] for one in worst["mails"]) / 1000
        loop = loops[MANY] / max(1, times[MANY])
        rows = [
            (f"rules, a mail with {MANY} files, µs", f"{times[MANY]:.0f}",
             f"{times[FEW]:.0f} with {FEW} files (at most 1.5 times)", f"{median(ratios):.2f}"),
            (f"rules, a mail with {MANY} files, µs", f"{times[MANY]:.0f}",
             f"{loops[MANY]:.0f} in a loop over all", f"{loop:.0f}"),
            (f"rules, load and test {MANY} files, s", f"{figures[MANY]['load_ms'] / 1000:.1f}",
             "10 at most", ""),
            ("rules, the worst of 256 KB, ms", f"{worst_ms:.0f}", "50 at most", ""),
        ]
        if alternative:
            rows.insert(2, (
                f"rules, a mail with {MANY} files, µs", f"{times[MANY]:.0f}",
                f"{alternative * 1e6:.0f} fail2ban-regex",
                f"{alternative * 1e6 / max(1, times[MANY]):.0f}"))
        return rows


if __name__ == "__main__":
    for row in rules(sys.argv[1], None, None, say):
        say(" | ".join(row))
