// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The target that `MUTABIK_FUZZ` names; libFuzzer's own arguments leave no room for it.
private let target: FuzzTarget? =
    getenv("MUTABIK_FUZZ").flatMap { FuzzTarget(rawValue: String(cString: $0)) }

/// What libFuzzer calls with each input. A broken property ends the process, so that the input is
/// kept.
///
/// - Source: https://llvm.org/docs/LibFuzzer.html#fuzz-target
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard let target else {
        complain("MUTABIK_FUZZ names no target")
        exit(64)
    }
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do {
        try target.check(input)
    } catch {
        complain("\(target.rawValue): \(error)")
        abort()
    }
    return 0
}

private func complain(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
