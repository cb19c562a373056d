// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Operator

@Suite("a file of comma-separated values")
struct CSVReaderTests {
    private func rows(_ text: String) throws -> [[String]] {
        try CSVReader.rows(text).map { $0.map(\.text) }
    }

    @Test(
        "is read in every form that spreadsheets write",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a;b\n1;2,5\n", [["a", "b"], ["1", "2,5"]]),
            (" a , b \n", [["a", "b"]]),
            ("a,b\n\n1,2\n\n", [["a", "b"], ["1", "2"]]),
            ("\"a,b\",\"say \"\"yes\"\"\"\n", [["a,b", "say \"yes\""]]),
            ("\"line\nbreak\",2\n", [["line\nbreak", "2"]]),
            ("\"  kept  \",2\n", [["  kept  ", "2"]]),
            ("a,\n", [["a", ""]]),
            ("a\n\"\"\n", [["a"]]),
            ("", []),
        ])
    func reads(text: String, expected: [[String]]) throws {
        #expect(try rows(text) == expected)
    }

    @Test("knows the line and column of each field")
    func places() throws {
        let rows = try CSVReader.rows("a,b\n\"x\ny\",z\n")
        #expect(rows[1][0] == .init(text: "x\ny", line: 2, column: 1))
        #expect(rows[1][1] == .init(text: "z", line: 3, column: 4))
    }

    @Test(
        "is refused where it cannot be read",
        arguments: [
            ("a\"b,c\n", 1, 2, "a quote inside a field"),
            ("\"a\" b,c\n", 1, 5, "text after a closing quote; is a , missing?"),
            ("a,b\n\"open,c\n", 2, 1, "the quote is never closed"),
            (
                "\"" + String(repeating: "x", count: 5000), 1, 1,
                "the field is longer than 4096 bytes; is a quote open?"
            ),
        ])
    func refuses(text: String, line: Int, column: Int, message: String) {
        do throws(CSVError) {
            _ = try CSVReader.rows(text)
            Issue.record("it was read")
        } catch {
            #expect(error.line == line && error.column == column)
            #expect(error.message.hasPrefix(message), "\(error.message)")
        }
    }
}

@Suite("a file of registrations")
struct RegistrationFileTests {
    private static let now = Date(timeIntervalSince1970: 1_795_000_000)
    private static let head = "id,event,name,email,phone,amount,currency,reference,registered_at\n"

    private func read(
        _ text: String, prefixes: [EventID: String] = [:]
    ) throws(ConfigurationError) -> [RegistrationFile.Entry] {
        try RegistrationFile(path: "guests.csv", prefixes: prefixes, now: Self.now).read(text)
    }

    private func message(_ text: String) -> String? {
        do throws(ConfigurationError) {
            _ = try read(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("gives each row as it stands")
    func row() throws {
        let entries = try read(
            Self.head
                + "reg-17,atolye,Elif Karaca,elif@example.org,0532 645 58 51,1250.00,TRY,"
                + "ktf6hv349,2026-11-20T09:12:00Z\n")
        let entry = try #require(entries.first)
        let registration = entry.registration
        #expect(registration.id == RegistrationID("reg-17"))
        #expect(registration.event == EventID("atolye"))
        #expect(registration.name?.text == "Elif Karaca")
        #expect(registration.email == "elif@example.org")
        #expect(registration.phone?.isTurkishMobile == true)
        #expect(registration.due == Money(minorUnits: 125_000, currency: .turkishLira))
        #expect(registration.reference.text == "KTF6HV349")
        #expect(Timestamp.text(registration.registeredAt) == "2026-11-20T09:12:00Z")
        #expect(registration.state == .awaitingPayment)
        #expect(entry.isReferenceGiven && entry.isTimeGiven && entry.line == 2)
    }

    @Test("may name its columns in any order and leave most of them out")
    func columns() throws {
        let entries = try read("Amount,ID,Event\n850.00,reg-1,atolye\n")
        let entry = try #require(entries.first)
        #expect(entry.registration.due == Money(minorUnits: 85_000, currency: .turkishLira))
        #expect(entry.registration.name == nil && entry.registration.phone == nil)
        #expect(entry.registration.registeredAt == Self.now)
        #expect(!entry.isReferenceGiven && !entry.isTimeGiven)
    }

    @Test("may name sums of currencies without decimals", arguments: ["1250", "1250.00"])
    func whole(amount: String) throws {
        let entry = try #require(try read("id,event,currency,amount\na,b,JPY,\(amount)\n").first)
        #expect(entry.registration.due.minorUnits == 125_000)
        #expect(entry.registration.due.currency.code == "JPY")
    }

    @Test("knows who registers in the future, but for clocks that differ")
    func ahead() throws {
        let rows = ["2099-01-01", "2026-11-20", "2026-11-18"].enumerated()
            .map { "reg-\($0),atolye,850.00,\($1)T12:00:00Z\n" }.joined()
        let entries = try read("id,event,amount,registered_at\n" + rows)
        #expect(entries.map { $0.isAhead(of: Self.now) } == [true, true, false])
    }

    @Test("gives a fresh code to who has none, with the event's prefix")
    func codes() throws {
        let rows = (1...200).map { "reg-\($0),atolye,850.00\n" }.joined()
        let entries = try read("id,event,amount\n" + rows, prefixes: [EventID("atolye"): "ZQ"])
        let codes = entries.map(\.registration.reference.text)
        #expect(Set(codes).count == 200)
        #expect(codes.allSatisfy { $0.hasPrefix("ZQ") && ReferenceCode($0) != nil })
        let unnamed = try read("id,event,amount\nreg-1,atolye,850.00\n")
        #expect(unnamed.first?.registration.reference.text.hasPrefix("TL") == true)
    }

    @Test(
        "is refused whole for one bad field, with the place and what to write",
        arguments: [
            (
                "",
                "1:1: the file is empty; its first line names the columns: id,event,name,email,"
                    + "phone,amount,currency,reference,registered_at,remember_payer"
            ),
            (
                "id,event,amount,colour\n",
                "1:17: unknown column; known are id, event, name, email, phone, amount, currency, "
                    + "reference, registered_at, remember_payer"
            ),
            ("id,event,id\n", "1:10: the column stands twice"),
            ("id,event\n", "1:1: the column `amount` is missing"),
            ("id,event,amount\na,b\n", "2:3: 2 fields, but the first line names 3 columns"),
            ("id,event,amount\n,b,1.00\n", "2:1: the id is empty"),
            ("id,event,amount\na,,1.00\n", "2:1: the event is empty"),
            (
                "id,event,amount\na,b,\"1.250,00\"\n",
                "2:5: not an amount; write it with a dot and two decimals, such as 1250.00"
            ),
            (
                "id,event,amount\na,b,0.00\n",
                "2:5: not an amount; write it with a dot and two decimals, such as 1250.00"
            ),
            (
                "id,event,amount\na,b,-5.00\n",
                "2:5: not an amount; write it with a dot and two decimals, such as 1250.00"
            ),
            (
                "id,event,currency,amount\na,b,JPY,1250.50\n",
                "2:9: not an amount; JPY has no decimals, write it such as 1250"
            ),
            (
                "id,event,amount,currency\na,b,1.00,lira\n",
                "2:10: not a currency; write three letters such as TRY"
            ),
            (
                "id,event,amount,phone\na,b,1.00,12\n",
                "2:10: not a phone number; write it as 5XXXXXXXXX or +90 5XX …"
            ),
            ("id,event,amount,email\na,b,1.00,elif\n", "2:10: not an e-mail address"),
            (
                "id,event,amount,reference\na,b,1.00,KTF6HV348\n",
                "2:10: not a reference code: two letters, six signs and a check sign that fits; "
                    + "leave the field empty to have one made"
            ),
            (
                "id,event,amount,registered_at\na,b,1.00,yesterday\n",
                "2:10: not a time; write ISO 8601, such as 2026-11-20T09:12:00Z"
            ),
            (
                "id,event,amount\na,b,1.00\na,b,2.00\n",
                "3:1: the id stands on line 2 already"
            ),
            (
                "id,event,amount,reference\na,b,1.00,KTF6HV349\nc,b,1.00,KTF6HV349\n",
                "3:10: the reference stands on line 2 already; every registration needs its own"
            ),
            ("id,event,amount\na,b,\"1\n", "2:5: the quote is never closed"),
        ])
    func refuses(text: String, message: String) {
        #expect(self.message(text) == "guests.csv:" + message)
    }
}
