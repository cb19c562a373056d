// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Parsers of what strangers send")
struct RegressionTests {
    @Test("What must hold for any input holds for the kept ones", arguments: FuzzTarget.allCases)
    func keptInputs(target: FuzzTarget) throws {
        let inputs = Corpus.inputs(target)
        try #require(!inputs.isEmpty, "no inputs kept for \(target.rawValue)")
        for input in inputs {
            #expect(throws: Never.self, "\(target.rawValue)/\(input.name)") {
                try target.check(input.bytes)
            }
        }
    }

    @Test(
        "And for the kept ones with bytes changed, cut and doubled", arguments: FuzzTarget.allCases)
    func changedInputs(target: FuzzTarget) throws {
        var random = SeededRandom(seed: 20_261_122)
        for input in Corpus.inputs(target) {
            for round in 0..<40 {
                let changed = random.change(input.bytes)
                #expect(throws: Never.self, "\(target.rawValue)/\(input.name), round \(round)") {
                    try target.check(changed)
                }
            }
        }
    }
}

/// SplitMix64: the same changes in every run.
private struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((value ^ (value >> 31)) % UInt64(max(1, bound)))
    }

    mutating func change(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...next(below: 4) where !bytes.isEmpty {
            let place = next(below: bytes.count)
            let end = min(bytes.count, place + next(below: 64))
            switch next(below: 4) {
            case 0: bytes[place] = UInt8(next(below: 256))
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: Array(bytes[place..<end]), at: next(below: place + 1))
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
