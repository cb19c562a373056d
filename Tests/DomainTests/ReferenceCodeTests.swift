// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@Suite("Reference codes")
struct ReferenceCodeTests {
    @Test(
        "The codes of the sample notices are valid",
        arguments: [
            "KTF6HV349", "KTP5GR3N6", "KT834JJ46", "KT94PJ3RK", "KT59VVR32", "KTRRH393M",
            "KTP6DJ6PD", "KT5RDPY75", "KT5RRV8G2", "KT5PZ4R38", "KTT8MYPJ2", "KTT45NJ76",
            "KT97Z94RD", "KTF6MJ3YH",
        ])
    func sampleCodesAreValid(text: String) {
        #expect(ReferenceCode(text)?.text == text)
    }

    @Test("Every single wrong sign and every swap of two neighbours is found")
    func everySingleErrorIsFound() throws {
        let signs = Array("KTF6HV349".utf8)
        for position in 2..<9 {
            for other in ReferenceCode.alphabet where other != signs[position] {
                var wrong = signs
                wrong[position] = other
                #expect(ReferenceCode(String(decoding: wrong, as: UTF8.self)) == nil)
            }
            if position < 8, signs[position] != signs[position + 1] {
                var swapped = signs
                swapped.swapAt(position, position + 1)
                #expect(ReferenceCode(String(decoding: swapped, as: UTF8.self)) == nil)
            }
        }
    }

    @Test("A payload gets the check sign that makes it valid")
    func payloadGetsItsCheckSign() throws {
        let code = try #require(ReferenceCode(prefix: "KT", payload: "F6HV34"))
        #expect(code.text == "KTF6HV349")
    }
}
