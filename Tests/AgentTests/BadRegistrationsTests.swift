// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import Testing

/// Files of registrations with one mistake each: the place is named, and nothing is imported.
@Suite("A file of registrations", .serialized, .timeLimit(.minutes(10)))
struct BadRegistrationsTests {
    private static let head =
        "id,event,name,email,phone,amount,currency,reference,registered_at"
    private static let good = [
        "reg-1", "gala", "Elif Karaca", "elif@example.org", "5320000011", "1250.00", "TRY",
        "KTF6HV349", "2026-11-20T09:12:00Z",
    ]

    /// A column that is filled wrongly (or nil: the whole row), and what is said of it.
    private static let rows: [(column: Int?, text: String, place: String?, message: String)] = [
        (0, "", nil, "the id is empty"),
        (0, "reg-1", nil, "the id stands on line 2 already"),
        (1, "", "1", "the event is empty"),
        (3, "elif.example.org", nil, "not an e-mail address"),
        (4, "12", nil, "not a phone number"),
        (4, "0532 bin", nil, "not a phone number"),
        (5, "\"1.250,00\"", nil, "not an amount; write it with a dot"),
        (5, "1250.005", nil, "not an amount"),
        (5, "-5.00", nil, "not an amount"),
        (5, "0", nil, "not an amount"),
        (5, "1e3", nil, "not an amount"),
        (5, "99999999999999999999.00", nil, "not an amount"),
        (6, "LIRA", nil, "not a currency"),
        (7, "KTF6HV340", nil, "not a reference code"),
        (7, "KTF6HV349", nil, "the reference stands on line 2 already"),
        (8, "22.11.2026", nil, "not a time; write ISO 8601"),
        (2, "\"Bora \"Tanyel\"", "19", "text after a closing quote"),
        (2, "Bora \"Tanyel\"", "17", "a quote inside a field"),
        (2, "\"Bora Tanyel", "12", "the quote is never closed"),
        (nil, "reg-2,gala,Bora Tanyel", "12", "3 fields, but the first line names 9 columns"),
        (nil, String(repeating: "x,", count: 11) + "x", "17", "12 fields, but"),
    ]

    private static func row(_ column: Int?, _ text: String) -> (text: String, column: Int) {
        guard let column else { return (text, 1) }
        var fields = [
            "reg-2", "gala", "Bora Tanyel", "bora@example.org", "5320000012", "1250.00", "TRY",
            "", "2026-11-20T09:12:00Z",
        ]
        let before = fields[..<column].reduce(0) { $0 + $1.count + 1 }
        fields[column] = text
        return (fields.joined(separator: ","), before + 1)
    }

    @Test("with one bad row is refused whole, with line and column")
    func badRows() async throws {
        let site = try await Site(guests: 0)
        for bad in Self.rows {
            let row = Self.row(bad.column, bad.text)
            let third = Self.good.joined(separator: ",")
                .replacingOccurrences(of: "reg-1", with: "reg-3")
            try site.write(
                [Self.head, Self.good.joined(separator: ","), row.text, third]
                    .joined(separator: "\n"), to: "guests.csv")
            let end = try await Self.load(site)
            let place = "guests.csv:3:\(bad.place ?? String(row.column)): "
            #expect(end.errors.contains(place + bad.message), "\(row.text): \(end.errors)")
            #expect(end.status == 65, "\(row.text)")
        }
        #expect(try site.read { try $0.registrations(limit: 10) }.isEmpty)
        await site.sandbox.stop()
    }

    @Test("that is none is refused")
    func badFiles() async throws {
        let site = try await Site(guests: 0)
        let cases: [(bytes: [UInt8], message: String)] = [
            ([], "guests.csv:1:1: the file is empty"),
            (
                Array("id,event\nreg-1,gala\n".utf8),
                "guests.csv:1:1: the column `amount` is missing"
            ),
            (Array("id,event,amount,colour\n".utf8), "guests.csv:1:17: unknown column"),
            (Array("id,event,amount,id\n".utf8), "guests.csv:1:17: the column stands twice"),
            (Array("id,event,amount\nreg-1,gala,".utf8) + [0xFE, 0xFF], "is not UTF-8"),
        ]
        for bad in cases {
            try Data(bad.bytes).write(to: site.folder.appendingPathComponent("guests.csv"))
            let end = try await Self.load(site)
            #expect(end.status == 65)
            #expect(end.errors.contains(bad.message), "\(end.errors)")
        }
        try FileManager.default.removeItem(atPath: site.path("guests.csv"))
        #expect(try await Self.load(site).status == 65)
        #expect(try site.read { try $0.registrations(limit: 10) }.isEmpty)
        await site.sandbox.stop()
    }

    @Test("can be imported again, but not changed, and never in part")
    func again() async throws {
        let site = try await Site(guests: 0)
        let first = Self.good.joined(separator: ",")
        try site.write([Self.head, first].joined(separator: "\n"), to: "guests.csv")
        #expect(
            try await Self.load(site).lines == [
                #"{"inserted":1,"unchanged":0,"matched_payments":0,"expired":0}"#
            ])
        #expect(
            try await Self.load(site).lines == [
                #"{"inserted":0,"unchanged":1,"matched_payments":0,"expired":0}"#
            ])

        let second = Self.row(7, "").text
        let changed = first.replacingOccurrences(of: "1250.00", with: "850.00")
        try site.write([Self.head, second, changed].joined(separator: "\n"), to: "guests.csv")
        let end = try await Self.load(site)
        #expect(end.status == 65)
        #expect(end.errors.contains("guests.csv:3:1: registration reg-1 is in the ledger with"))
        let known = try site.read { try $0.registrations(limit: 10) }
        #expect(known.map(\.id.text) == ["reg-1"])
        await site.sandbox.stop()
    }

    private static func load(_ site: Site) async throws -> Program.End {
        try await site.mutabik([
            "registrations", "import", "--json", "--config", site.configurationPath,
            site.path("guests.csv"),
        ])
    }
}
