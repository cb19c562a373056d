// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@Suite("Handles of a name")
struct NameHandleTests {
    private static let table: [(name: String, handles: [String?])] = [
        ("Elif Karaca", ["elif k", "karaca", "e k"]),
        ("Dr. Elif Nur KARACA", ["elif n", "karaca", "e k"]),
        ("E*** K*****", [nil, nil, "e k"]), ("Elif K.", ["elif k", nil, "e k"]),
        ("*** Karaca", [nil, "karaca", nil]), ("Karaca", [nil, "karaca", nil]),
        ("K", [nil, nil, nil]),
    ]

    @Test("are its given name, its surname and its initials", arguments: table.indices)
    func handles(_ place: Int) throws {
        let row = Self.table[place]
        let handles = try #require(PersonName(row.name)).handles
        #expect([handles.given, handles.surname, handles.initials] == row.handles, "\(row.name)")
    }

    @Test("meet when one is the same, and nothing is not the same as nothing")
    func meet() throws {
        func meet(_ one: String, _ other: String) throws -> Bool {
            let handles = try #require(PersonName(one)).handles
            return handles.meet(try #require(PersonName(other)).handles)
        }
        #expect(try meet("Elif Karca", "Elif Karaca"))
        #expect(try meet("Bora Karaca", "Karaca"))
        #expect(try meet("E*** K*****", "Elif Karaca"))
        #expect(try !meet("K", "E"))
        #expect(try !meet("Jonas Weber", "Elif Karaca"))
    }
}
