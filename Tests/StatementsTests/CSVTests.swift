// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Statements

func mapping() throws -> StatementMapping {
    var mapping = StatementMapping(name: "test")
    mapping.columns = [
        .date: "Tarih", .amount: "Tutar", .balance: "Bakiye", .description: "Açıklama",
        .reference: "Fiş No",
    ]
    mapping.dates = try [
        #require(DayPattern("dd.MM.yyyy HH:mm")), #require(DayPattern("d.M.yyyy")),
    ]
    mapping.footer = ["Toplam"]
    return mapping
}

let csv = #"""
    Hesap;TR33 0006 1005 1978 6457 8413 26

    Tarih;Fiş No;Açıklama;Tutar;Bakiye
    22.11.2026 14:05;F2;"KTF6HV349; iki ""bilet""";1.250,00;2.234,04
    22.11.2026;F1;MASRAF;-15,96;984,04
    Toplam;;;1.234,04;
    """#

@Suite("A statement in CSV")
struct CSVStatementTests {
    @Test("is read by its headings, balances upwards or downwards")
    func whole() throws {
        let statement = try read(csv, mapping())
        #expect(statement.account == "TR330006100519786457841326")
        #expect(statement.lines.map(\.amount.minorUnits) == [125_000, -1_596])
        #expect(statement.lines[0].description == "KTF6HV349; iki \"bilet\"")
        #expect(statement.lines.map(\.clockSeconds) == [50_700, nil])
        #expect(statement.lines.map(\.row) == [4, 5])
        #expect(statement.opening?.minorUnits == 100_000)
        #expect(statement.closing?.minorUnits == 223_404 && statement.warnings.isEmpty)
    }

    @Test("is read as a spreadsheet's Unicode text", arguments: [true, false])
    func utf16(isLittle: Bool) throws {
        let plain = csv.replacing(#""KTF6HV349; iki ""bilet""""#, with: "KTF6HV349")
        let units = ("\u{FEFF}" + plain.replacing(";", with: "\t")).utf16
        let bytes = units.flatMap { unit in
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isLittle ? pair.reversed() : pair
        }
        let statement = try #require(try StatementReader.read(bytes, mapping: mapping()).first)
        #expect(statement.lines.map(\.amount.minorUnits) == [125_000, -1_596])
        #expect(statement.account == "TR330006100519786457841326")
    }

    @Test("warns where a balance does not follow")
    func balance() throws {
        let statement = try read(csv.replacing("984,04", with: "984,05"), mapping())
        #expect(statement.warnings == [.runningBalanceDiffers(row: 5)])
    }

    @Test("tells the direction by a word or by columns of its own")
    func direction() throws {
        var words = try mapping()
        words.columns = [.date: "T", .amount: "A", .direction: "B"]
        (words.incoming, words.outgoing) = (["Alacak"], ["Borç"])
        let text = "T,A,B\n1.2.2026,\"1.250,00\",Alacak\n1.2.2026,\"5,00\",Borç\n"
        #expect(try read(text, words).lines.map(\.amount.minorUnits) == [125_000, -500])
        var sides = try mapping()
        sides.columns = [.date: "T", .credit: "A", .debit: "B"]
        #expect(
            try read("T\tA\tB\n1.2.2026\t1.250,00\t\n1.2.2026\t\t5,00\n", sides)
                .lines.map(\.amount.minorUnits) == [125_000, -500])
        #expect(
            refusal("T;A;B\n1.2.2026;1,00;Belki\n", words)
                == "line 2: column “B”: the direction is neither incoming nor outgoing; add its "
                + "word to incoming or outgoing of the mapping")
    }

    @Test(
        "is refused with its place",
        arguments: [
            (
                "-15,96", "-15.96",
                "line 5: column “Tutar”: the amount cannot be read; numbers of the mapping says "
                    + "turkish: is it another?"
            ),
            (
                "22.11.2026;F1", "31.11.2026;F1",
                "line 5: column “Tarih”: the day cannot be read; give dates its pattern, or "
                    + "footer the word with which the table ends"
            ),
            (
                "iki \"\"bilet\"\"\"", "iki",
                "line 4: a quote is opened here and never closed; is the file whole? export it "
                    + "again"
            ),
            (
                "Fiş No", "Dekont",
                "no row has all the headings of the mapping test; compare its columns with the "
                    + "first rows of the file; large and small letters do not count"
            ),
        ])
    func refused(_ old: String, _ new: String, _ message: String) throws {
        #expect(try refusal(csv.replacing(old, with: new), mapping()) == message)
    }

    @Test("without a mapping says how to go on")
    func unmapped() {
        #expect(
            refusal(csv)
                == "a CSV needs a mapping: its columns have no common names; name one with "
                + "--mapping; docs/reconcile.md shows how to write it")
    }
}

@Suite("An amount in a statement")
struct NumberTextTests {
    @Test(
        "is read by its style, and by no other",
        arguments: [
            ("1.250,00", NumberStyle.turkish, 125_000), ("+1.250,00 TRY", .turkish, 125_000),
            ("-35", .turkish, -3_500), ("5,00-", .turkish, -500), ("1,250.00", .turkish, nil),
            ("1.25", .turkish, nil), ("12.50,00", .turkish, nil), ("1,250.00", .english, 125_000),
            ("1250", .plain, 125_000), ("1250,5", .plain, 125_050), ("1250.", .plain, 125_000),
            ("1250,125", .plain, nil), ("", .plain, nil), ("--5", .plain, nil), (",5", .plain, nil),
            ("9223372036854775808", .plain, nil), ("100000000000,00", .plain, 10_000_000_000_000),
            ("100000000000,01", .plain, nil), ("٥", .plain, nil), ("₺7", .turkish, 700),
            // Three digits behind one sign are thousands, or nobody knows what.
            ("1.250", .turkish, 125_000), ("1,250", .english, 125_000), ("1,250", .turkish, nil),
            ("1.250", .english, nil), ("1.250", .plain, nil), ("1,250", .plain, nil),
            ("1.000", .plain, nil), ("1250,0000", .plain, 125_000), ("7,500", .turkish, nil),
        ] as [(String, NumberStyle, Int64?)])
    func read(_ text: String, _ style: NumberStyle, _ units: Int64?) {
        #expect(NumberText.minorUnits(text, style: style) == units)
    }

    @Test("has three decimals where the format itself names the sign before them")
    func standard() {
        #expect(
            NumberText.minorUnits("1250.000", style: .plain, isStandard: true) == 125_000)
        #expect(NumberText.minorUnits("1250.001", style: .plain, isStandard: true) == nil)
    }
}

@Suite("A form of descriptions")
struct DescriptionFormTests {
    @Test(
        "says who paid and what they wrote",
        arguments: [
            (
                "{payer}*{bank}*{text}*{number}*FAST", "ELIF KARACA*0062*bilet*2*kişi*8994*FAST",
                "ELIF KARACA", "bilet*2*kişi", "8994"
            ),
            ("{text}*{payer}", "a*b*BORA TANYEL", "BORA TANYEL", "a*b", nil),
            (
                "GELEN FAST - {payer} - {text}", "GELEN FAST - ELIF KARACA - KT - F6HV349",
                "ELIF KARACA", "KT - F6HV349", nil
            ),
        ] as [(String, String, String?, String?, String?)])
    func fits(
        _ form: String, _ text: String, _ payer: String?, _ words: String?, _ number: String?
    ) throws {
        let known = try #require(DescriptionForm(form))
        let parts = try #require(known.read(text))
        #expect(parts.payer == payer && parts.text == words && parts.number == number)
    }

    @Test("does not take what only looks like it")
    func others() throws {
        let form = try #require(DescriptionForm("{payer}*{bank}*{text}*{number}*FAST"))
        for text in [
            "", "*", "ELIF*x*y*8994*FAST", "E*0062*y*8994*EFT", "0062*0062*y*1*FAST", "FAST",
        ] {
            #expect(form.read(text) == nil, "\(text)")
        }
        for source in ["", "{text}", "{payer}{text}", "{payer}*", "{a}*{text}", "{text}*{text}"] {
            #expect(DescriptionForm(source) == nil, "\(source)")
        }
    }
}

@Suite("Any bytes")
struct HostileStatementTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }

    @Test("never stop the program: good files with bytes changed", arguments: 1...6)
    func mutated(seed: UInt64) throws {
        var random = Random(state: seed)
        let mapping = try mapping()
        var refused = 0
        for round in 0..<300 {
            var bytes = Array([mt940, camt, csv][round % 3].utf8)
            for _ in 0...Int.random(in: 0...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 32...126, using: &random), at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            do {
                for statement in try StatementReader.read(bytes, mapping: mapping) {
                    for line in statement.lines {
                        #expect(abs(line.amount.minorUnits) <= StatementLimits.minorUnitsMax)
                    }
                }
            } catch { refused += 1 }
        }
        #expect(refused > 30 && refused < 300, "seed \(seed)")
    }

    @Test("are read in a time that grows with them")
    func large() throws {
        let line = ":61:2611221122C1,00NTRFNONREF\n:86:A*\n"
        let text =
            ":20:X\n:60F:C261121TRY0,00\n"
            + String(repeating: line, count: 20_000) + ":62F:C261122TRY20000,00\n"
        let statement = try read(text)
        #expect(statement.lines.count == 20_000 && statement.isBalanced == true)
    }
}
