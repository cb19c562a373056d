// SPDX-License-Identifier: Apache-2.0

import Agent
import Cryptography
import Domain
import FoundationEssentials
import Ledger
import Matching

import var Glibc.CLOCK_PROCESS_CPUTIME_ID
import func Glibc.clock_gettime
import struct Glibc.timespec

/// How long one payment takes to find its registration among many that are open, in a ledger on the
/// disk, and how long these take to import. Beside it a plain scan: every registration read into
/// memory once, every one compared for every payment, as a script would.
///
///     matching-bench DATABASE [REGISTRATIONS] [PAYMENTS]

struct Random: RandomNumberGenerator {
    private var state: UInt64 = 20_261_122

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

let given = [
    "Elif", "Bora", "Selin", "Kerem", "Nehir", "Deniz", "Irmak", "Çınar", "Şükrü", "Ayşe", "Mehmet",
    "Zeynep", "Emre", "Gül", "Hakan", "İpek", "Onur", "Pınar", "Rıza", "Sevgi", "Tolga", "Umut",
    "Veli", "Yasemin", "Zehra", "Can", "Defne", "Ege", "Fulya", "Gökçe",
]
let roots = [
    "Kara", "Tan", "Ör", "Din", "Ata", "Ak", "Sol", "Yıl", "De", "Öz", "Er", "Gür", "Çe", "Bay",
    "Kur", "Şa", "Al", "Bo", "Ko", "Do",
]
let ends = ["ca", "yel", "ge", "çalp", "lan", "soylu", "maz", "dız", "mir", "kan", "gen", "sel"]

var random = Random()

@MainActor func word(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }

@MainActor func fullName() -> String {
    let middle = Int.random(in: 0..<5, using: &random) == 0 ? " " + word(given) : ""
    return word(given) + middle + " " + word(roots) + word(ends)
}

func code(_ number: Int) -> ReferenceCode? {
    var payload: [UInt8] = Array("2C".utf8)
    var rest = number
    for _ in 0..<4 {
        payload.append(ReferenceCode.alphabet[rest % 23])
        rest /= 23
    }
    return ReferenceCode(prefix: "KT", payload: String(decoding: payload, as: UTF8.self))
}

/// Resident memory in MiB.
func memory() -> Int {
    guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
    let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096 / 1_048_576
}

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1_000
        + Double(duration.components.attoseconds) / 1e15
}

/// Processor time of this program so far, in milliseconds: what a machine shared with others leaves
/// as it is.
func processorMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1e6
}

func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

func report(_ name: String, _ times: [Double], processor: [Double] = []) {
    let ordered = times.sorted()
    let worked = processor.sorted()
    func share(_ part: Double, of ordered: [Double]) -> Double {
        ordered.isEmpty ? 0 : ordered[min(ordered.count - 1, Int(part * Double(ordered.count)))]
    }
    print(
        "{\"name\":\"\(name)\",\"payments\":\(times.count),\"p50_ms\":"
            + "\(rounded(share(0.5, of: ordered))),"
            + "\"p99_ms\":\(rounded(share(0.99, of: ordered))),"
            + "\"processor_p50_ms\":\(rounded(share(0.5, of: worked))),"
            + "\"processor_p99_ms\":\(rounded(share(0.99, of: worked))),\"max_ms\":\(rounded(ordered.last ?? 0))}"
    )
}

let arguments = CommandLine.arguments
let path = arguments.count > 1 ? arguments[1] : "matching-bench.sqlite"
let count = arguments.count > 2 ? Int(arguments[2]) ?? 100_000 : 100_000
let payments = arguments.count > 3 ? Int(arguments[3]) ?? 2_000 : 2_000
let start = Date(timeIntervalSince1970: 1_795_345_533)
let clock = ContinuousClock()
let prices: [Int64] = [85_000, 125_000, 125_000, 125_000, 250_000]

let guests = (1...count).compactMap { number -> Registration? in
    guard let code = code(number) else { return nil }
    let price = Money(
        minorUnits: prices.randomElement(using: &random) ?? 0, currency: .turkishLira)
    return Registration(
        id: RegistrationID("reg-\(number)"), event: EventID("gala"), name: PersonName(fullName()),
        email: "guest\(number)@example.org", phone: PhoneNumber("05320000000"), due: price,
        reference: code, registeredAt: start)
}
let ledger = try LedgerDatabase(path: path, masterKey: .random())
let before = memory()
let beforeImport = processorMilliseconds()
let importing = try clock.measure {
    _ = try ledger.write { try $0.insert(contentsOf: guests) }
}
print(
    "{\"name\":\"import\",\"registrations\":\(guests.count),"
        + "\"seconds\":\(rounded(milliseconds(importing) / 1_000)),"
        + "\"processor_seconds\":\(rounded((processorMilliseconds() - beforeImport) / 1_000)),"
        + "\"memory_mib\":\(memory() - before)}")

/// A payment as people make them, by kind.
@MainActor func notice(_ kind: String, for guest: Registration) -> PaymentNotice {
    let name = guest.name?.text ?? ""
    let (payer, text): (String?, String?) =
        switch kind {
        case "code": (fullName(), "Etkinlik \(guest.reference.text)")
        case "slip": (name, "KT" + guest.reference.text.dropFirst(2).dropLast() + "O")
        case "name": (name, "Para Transferi")
        case "near": (String(name.dropLast(2)) + String(name.suffix(1)), "kurs")
        case "masked": ("\(name.prefix(1))*** \(guest.name?.words.last?.prefix(1) ?? "")****", nil)
        case "relative": ("Jale " + (name.split(separator: " ").last ?? ""), name + " adına")
        default: (nil, nil)
        }
    return PaymentNotice(
        amount: guest.due, payer: payer, description: text, occurredAt: start, timeFrom: .body)
}

let pipeline = PaymentPipeline(
    matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any)))
let kinds = ["code", "slip", "name", "near", "masked", "relative", "nobody"]
var all: [Double] = []
var allProcessor: [Double] = []
for kind in kinds {
    var times: [Double] = []
    var processor: [Double] = []
    for _ in 0..<(payments / kinds.count) {
        guard let guest = guests.randomElement(using: &random) else { break }
        let notice = notice(kind, for: guest)
        let before = processorMilliseconds()
        let time = try clock.measure {
            _ = try ledger.read { books in
                try pipeline.verdict(for: notice, in: books)
            }
        }
        times.append(milliseconds(time))
        processor.append(processorMilliseconds() - before)
    }
    report(kind, times, processor: processor)
    all += times
    allProcessor += processor
}
report("all", all, processor: allProcessor)
print("{\"name\":\"memory\",\"resident_mib\":\(memory())}")

// The alternative: everything in memory, every registration compared.
var scanned: [Double] = []
for kind in kinds {
    for _ in 0..<10 {
        guard let guest = guests.randomElement(using: &random) else { break }
        let notice = notice(kind, for: guest)
        let payer = notice.payer.flatMap { PersonName($0) }
        let text = (notice.description ?? "").uppercased()
        var found = 0
        let time = clock.measure {
            for other in guests where other.due == notice.amount {
                if text.contains(other.reference.text) { found += 1 }
                if NameSimilarity.score(payer, other.name) > 70 { found += 1 }
            }
        }
        scanned.append(milliseconds(time) + (found < 0 ? 1 : 0))
    }
}
report("plain_scan", scanned)
try ledger.close()
