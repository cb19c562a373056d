#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an organizer's own script would do: read a saved mailbox and list the payments in it.

    bench-replay.py [--new] season.mbox > payments.jsonl

With --new it uses the mail classes that Python's documentation recommends for new programs
(`email.policy.default`) instead of those that `mailbox` gives by itself. One JSON object per mail. It believes every mail: no signature is checked, nothing is matched to
guests and nothing is booked. It stands here so that `mutabik replay` has something to be measured
against; standard library only.
"""

import email
import email.policy
import html
import json
import mailbox
import re
import sys
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime

AMOUNT = r"(?P<amount>[\d.]+,\d\d) (?:TL|TRY)"

# Sender's domain -> the sentence that says that money has come.
BANKS = {
    "garantibbva.com.tr": re.compile(
        r"para transferi gerçekleşti\..*?Gönderici Ad Soyad: (?P<payer>.+?) "
        r"Tutar: " + AMOUNT + r" Açıklama: (?P<description>.+?) Saygılarımızla"
    ),
    "bilgi.akbank.com": re.compile(
        r"no\.lu hesabınıza (?:(?P<description>.+?) açıklaması ile )?(?P<payer>.+?) "
        r"tarafından " + AMOUNT + r" (?:EFT|FAST|havale) girişi olmuştur"
    ),
    "iletisim.yapikredi.com.tr": re.compile(
        r"hesabınıza, (?P<time>[\d/]+ [\d:]+) tarihinde, (?P<payer>.+?) isimli/unvanlı kişiden "
        + AMOUNT + r" FAST ödemesi gelmiştir"
    ),
    "bilgi.halkbank.com.tr": re.compile(
        r"İşlem Tarihi : (?P<time>[\d.]+ [\d.:]+) .*?Gönderen : (?P<payer>.+?) "
        r"İşlem Kodu : \d+ Açıklama : (?P<description>.*?) ?Yalnız : .+? TOPLAM " + AMOUNT
    ),
    "kuveytturk.com.tr": re.compile(
        r"numaralı hesabınıza .+? adlı kişiden para geldi\. Tutar: " + AMOUNT
        + r" Gönderen: (?P<payer>.+?) Gönderen Banka: .+? Açıklama: (?P<description>.+?) "
        r"İşlem Zamanı: (?P<time>[\d.]+ [\d:]+)"
    ),
    "ileti.ziraatbank.com.tr": re.compile(
        r"(?P<time>[\d.]+ tarihinde, saat [\d:]+)'de (?P<payer>.+?) tarafından, \d+ ek nolu "
        r"hesabınıza " + AMOUNT + r" (?:havale|FAST|EFT) aktarılmıştır"
    ),
    "papara.com": re.compile(
        r"Papara (?P<payer>.+?) size " + AMOUNT
        + r" gönderdi(?: Not: (?P<description>.+?) Saygılarımızla)?"
    ),
}
UNSEEN = re.compile(r"<(style|script|title)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]+>")
BLANKS = re.compile(r"\s+")
REFERENCE = re.compile(r"\b[A-Z]{2}[2-9CDFGHJKMNPRTVYZ]{7}\b")


def text_of(page):
    return html.unescape(TAG.sub(" ", UNSEEN.sub(" ", page)))


def content(part):
    if isinstance(part, email.message.EmailMessage):
        return part.get_content()
    charset = part.get_content_charset() or "utf-8"
    return part.get_payload(decode=True).decode(charset, errors="replace")


def bodies(message):
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            continue
        text = content(part)
        yield BLANKS.sub(" ", text_of(text) if kind == "text/html" else text)


def payment_in(message, sender):
    sentence = BANKS.get(sender.rpartition("@")[2])
    if sentence is None:
        return None
    # The page says all of it; the plain part often only that there is a page.
    for text in reversed(list(bodies(message))):
        found = sentence.search(text)
        if found:
            fields = found.groupdict()
            fields["amount"] = fields["amount"].replace(".", "").replace(",", ".")
            reference = REFERENCE.search((fields.get("description") or "").upper())
            fields["reference"] = reference.group() if reference else None
            return fields
    return None


def new_message(file):
    return email.message_from_binary_file(file, policy=email.policy.default)


def main():
    payments = 0
    factory = new_message if "--new" in sys.argv else None
    for message in mailbox.mbox(sys.argv[-1], factory=factory, create=False):
        sender = parseaddr(str(message["From"]))[1]
        payment = payment_in(message, sender)
        payments += payment is not None
        print(
            json.dumps(
                {
                    "message_id": message["Message-ID"],
                    "received_at": parsedate_to_datetime(message["Date"]).isoformat(),
                    "subject": str(make_header(decode_header(message["Subject"]))),
                    "outcome": "payment" if payment else "unread",
                    "payment": payment,
                },
                ensure_ascii=False,
            )
        )
    print(f"{payments} payments", file=sys.stderr)


if __name__ == "__main__":
    main()
