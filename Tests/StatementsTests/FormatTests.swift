// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Statements

func read(_ text: String, _ mapping: StatementMapping? = nil) throws -> Statement {
    let statements = try StatementReader.read(Array(text.utf8), mapping: mapping)
    return try #require(statements.first)
}

/// Where and why a text is refused.
func refusal(_ text: String, _ mapping: StatementMapping? = nil) -> String? {
    do {
        _ = try StatementReader.read(Array(text.utf8), mapping: mapping)
        return nil
    } catch {
        return "\(error)"
    }
}

let mt940 = """
    :20:HESAP
    :25:TR330006100519786457841326
    :28C:1/1
    :60F:C261121TRY1000,00
    :61:2611221122C1250,00NTRFNONREF//8994
    :86:ELIF KARACA*0062*KTF6HV349*8994*FAST
    :61:2611221122D15,96NCHGNONREF
    :86:MASRAF
    :61:2612310102RD100,NTRFREF1
    :62F:C270102TRY2334,04
    -
    """

@Suite("The days of a statement")
struct StatementDayTests {
    @Test(
        "refuse the file where a line is yet to come, or of another decade",
        arguments: [
            ("22.11.2026", nil), ("29.11.2026", nil), ("22.11.2016", nil),
            ("30.11.2026", "line 2: the day 2026-11-30 is yet to come; compare dates"),
            ("22.11.2099", "line 2: the day 2099-11-22 is yet to come; compare dates"),
            ("22.11.2001", "line 2: the day 2001-11-22 is more than ten years ago; compare dates"),
        ] as [(String, String?)])
    func days(day: String, refusal: String?) throws {
        var mapping = StatementMapping(name: "test")
        mapping.columns = [.date: "Tarih", .amount: "Tutar"]
        mapping.dates = [try #require(DayPattern("dd.MM.yyyy"))]
        let bytes = Array("Tarih;Tutar\n\(day);1,00\n".utf8)
        let today = BankDay(year: 2026, month: 11, day: 22)
        do throws(StatementError) {
            _ = try StatementReader.read(bytes, mapping: mapping, today: today)
            #expect(refusal == nil)
        } catch {
            #expect("\(error)".hasPrefix(refusal ?? "nothing"))
        }
    }
}

@Suite("MT940")
struct MT940Tests {
    @Test("is read line by line, with its balances")
    func whole() throws {
        let statement = try read(mt940)
        #expect(statement.account == "TR330006100519786457841326")
        #expect(statement.isBalanced == true && statement.warnings.isEmpty)
        #expect(statement.lines.map(\.amount.minorUnits) == [125_000, -1_596, 10_000])
        #expect(statement.lines.map(\.isIncoming) == [true, false, false])
        #expect(statement.lines[0].reference == "8994" && statement.lines[2].reference == "REF1")
        #expect(statement.lines[0].booked.description == "2026-11-22")
        #expect(statement.lines[2].booked.description == "2027-01-02")
        #expect(statement.lines[2].value?.description == "2026-12-31")
    }

    @Test(
        "names its account by the IBAN, or by the number that the bank gave it",
        arguments: [
            ("TR330006100519786457841326", "TR330006100519786457841326"),
            ("62/TR33 0006 1005 1978 6457 8413 26", "TR330006100519786457841326"),
            ("10020030/1234567EUR", "1234567"), ("1234567 TRY", "1234567"),
            ("412-1234567", "412-1234567"), ("TRY", nil), ("/", nil),
        ] as [(String, String?)])
    func account(_ written: String, _ account: String?) throws {
        let text = mt940.replacing(":25:TR330006100519786457841326", with: ":25:" + written)
        #expect(try read(text).account == account)
    }

    @Test("is of the account that is said, where it names none itself")
    func saidAccount() throws {
        func account(_ written: String) throws -> String? {
            let text = mt940.replacing(":25:TR330006100519786457841326", with: written)
            return try StatementReader.read(Array(text.utf8), mapping: nil, account: "412-1234567")
                .first?.account
        }
        #expect(try account(":25:1234567") == "1234567")
        #expect(try account(":25:/") == "412-1234567")
    }

    @Test("takes the bank's form of a description apart")
    func form() throws {
        var mapping = StatementMapping(name: "isbank")
        mapping.descriptions = try [
            #require(DescriptionForm("{payer}*{bank}*{text}*{number}*FAST")),
            #require(DescriptionForm("{text}*{payer}")),
        ]
        let line = try #require(try read(mt940, mapping).lines.first)
        #expect(line.counterparty == "ELIF KARACA" && line.description == "KTF6HV349")
        #expect(line.reference == "8994")
    }

    @Test("joins subfields, also where a word was cut at 27 signs")
    func subfields() throws {
        let text = mt940.replacing(
            "ELIF KARACA*0062*KTF6HV349*8994*FAST",
            with: "166?00GUTSCHRIFT?20EREF+7711?21SVWZ+Bilete fuer zwei KTF6H?22V349 danke"
                + "?30INGDDEFF?31DE89370400440532013000?32ELIF KARACA?33 YILMAZ")
        let line = try #require(try read(text).lines.first)
        #expect(line.description == "Bilete fuer zwei KTF6HV349 danke")
        #expect(line.counterparty == "ELIF KARACA YILMAZ")
        #expect(line.counterpartyIBAN == "DE89370400440532013000")
    }

    @Test("warns when the balances do not add up")
    func balance() throws {
        let statement = try read(mt940.replacing("TRY2334,04", with: "TRY2334,05"))
        #expect(statement.isBalanced == false && statement.warnings == [.balanceDiffers])
    }

    @Test("is read from windows-1254 as from UTF-8")
    func charset() throws {
        var bytes = Array(mt940.utf8)
        let name = Array("ELIF".utf8)
        let place = try #require(bytes.firstRange(of: name))
        bytes.replaceSubrange(place, with: [0xDD, 0xF0, 0x4E, 0xFD])
        let line = try StatementReader.read(bytes, mapping: nil).first?.lines.first
        #expect(line?.description?.hasPrefix("İğNı KARACA") == true)
    }

    @Test(
        "is refused with its place",
        arguments: [
            (
                "C1250,00N", "1250.00N",
                "line 5, column 15: neither C nor D says which way the money went; a movement is "
                    + "written like 2611221122C1250,00NTRFNONREF//8994"
            ),
            (
                "C1250,00N", "C1250000000000000000000,00N",
                "line 5, column 16: the amount cannot be read; a movement is "
                    + "written like 2611221122C1250,00NTRFNONREF//8994"
            ),
            (
                ":61:261122", ":61:269922",
                "line 5, column 5: the value date cannot be read; a movement is "
                    + "written like 2611221122C1250,00NTRFNONREF//8994"
            ),
            (
                ":62F:C270102TRY2334,04", "",
                "line 1: the statement has no closing balance (:62F:); the file was cut off; "
                    + "export it again"
            ),
            (
                "C261121TRY1000,00", "1000,00",
                "line 4, column 1: the balance (:60F:) cannot be read; it is written like "
                    + "C261122TRY1234,56"
            ),
        ])
    func refused(_ old: String, _ new: String, _ message: String) {
        #expect(refusal(mt940.replacing(old, with: new, maxReplacements: 1)) == message)
    }
}

let camt = """
    <?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
    <GrpHdr><MsgId>1</MsgId></GrpHdr>
    <Stmt><Id>1</Id><Acct><Id><IBAN>TR330006100519786457841326</IBAN></Id></Acct>
    <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="TRY">1000.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd></Bal>
    <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="TRY">3500.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd></Bal>
    <Ntry><Amt Ccy="TRY">2500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-11-22</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt>
    <AcctSvcrRef>8994</AcctSvcrRef><NtryDtls>
    <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="TRY">1250.00</Amt>
    <RltdPties><Dbtr><Pty><Nm>Elif &amp; Bora Karaca</Nm></Pty></Dbtr></RltdPties>
    <RmtInf><Ustrd>KTF6HV349</Ustrd></RmtInf></TxDtls>
    <TxDtls><Refs><TxId>F77</TxId></Refs><Amt Ccy="TRY">1250.00</Amt>
    <RltdPties><Dbtr><Nm>Bora Tanyel</Nm></Dbtr></RltdPties></TxDtls>
    </NtryDtls></Ntry>
    <Ntry><Amt Ccy="TRY">9.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts></Ntry>
    </Stmt></BkToCstmrStmt></Document>
    """

@Suite("CAMT.053")
struct CAMTTests {
    @Test("is read with a batch as its transfers, and without what is pending")
    func whole() throws {
        let statement = try read(camt)
        #expect(statement.lines.map(\.amount.minorUnits) == [125_000, 125_000])
        #expect(statement.lines.map(\.index) == [1, 2])
        #expect(statement.lines.map(\.counterparty) == ["Elif & Bora Karaca", "Bora Tanyel"])
        #expect(statement.lines.map(\.reference) == [nil, "F77"])
        #expect(statement.lines[0].description == "KTF6HV349")
        #expect(statement.isBalanced == true && statement.warnings == [.pending(1)])
    }

    @Test("names its account by the bank's own number where it has no IBAN")
    func account() throws {
        #expect(try read(camt).account == "TR330006100519786457841326")
        let text = camt.replacing(
            "<IBAN>TR330006100519786457841326</IBAN>", with: "<Othr><Id>412-1234567</Id></Othr>")
        #expect(try read(text).account == "412-1234567")
    }

    @Test("of which the batch does not add up is one line")
    func batch() throws {
        let text = camt.replacing(
            "<Amt Ccy=\"TRY\">1250.00</Amt>\n<RltdPties><Dbtr><Pty>",
            with: "<Amt Ccy=\"TRY\">1249.00</Amt>\n<RltdPties><Dbtr><Pty>")
        #expect(try read(text).lines.map(\.amount.minorUnits) == [250_000])
    }

    @Test(
        "is refused when it is hostile or broken",
        arguments: [
            (
                "<Document", "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<Document",
                "the file has a DOCTYPE, which CAMT.053 has not; do not use it: it did "
                    + "not come from a bank"
            ),
            (
                "BkToCstmrStmt", "BkToCstmrAcctRpt",
                "line 2: this is not CAMT.053: it has no BkToCstmrStmt; export the statement "
                    + "(053), not the report (052) or the notification (054)"
            ),
            (
                "2500.00", "99999999999999999999",
                "line 9: an amount, its currency or its direction cannot be read; it is written "
                    + "like <Amt Ccy=\"TRY\">1250.00</Amt> with CRDT or DBIT"
            ),
        ])
    func refused(_ old: String, _ new: String, _ message: String) {
        #expect(refusal(camt.replacing(old, with: new)) == message)
    }

    @Test("is refused wherever it is cut off")
    func truncated() {
        let bytes = Array(camt.utf8)
        for length in stride(from: 60, to: bytes.count - 20, by: 37) {
            #expect(throws: StatementError.self) {
                try StatementReader.read(Array(bytes.prefix(length)), mapping: nil)
            }
        }
    }

    @Test("does not follow a nest without end")
    func nest() {
        let deep = String(repeating: "<a>", count: 200)
        #expect(
            refusal(camt.replacing("<Sts><Cd>", with: "\(deep)<Sts><Cd>"))
                == "line 9: the elements nest too deep; export the file again")
    }
}
