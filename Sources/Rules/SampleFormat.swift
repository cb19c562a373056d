// SPDX-License-Identifier: Apache-2.0

/// The keys of samples.
extension RuleFormat {
    static let samples = Section(
        "samples", "samples",
        Sample.Group.allCases.map {
            Key($0.rawValue, .list(.section(sample)), $0.meaning)
        })

    static let sample = Section(
        "a sample", "bir örnek",
        [
            Key("name", .prose, required: true, "What it shows."),
            Key("from", .prose, required: true, "name@bank.example or Name <name@bank.example>."),
            Key("subject", .prose, required: true, "The subject."),
            Key("text", .prose, "The plain text; ¦ stands for the border of two cells."),
            Key("html", .prose, "The HTML text as a reader sees it; ¦ as in text."),
            Key("attachments", .list(.section(sampleAttachment)), "Files that came along."),
            Key("inner", .prose, "The text of a mail that came attached."),
            Key("received", .time, "When the mail came."),
            Key("expect", .section(expect), required: true, "What must come of it."),
        ])

    static let sampleAttachment = Section(
        "an attached file", "bir ek dosya",
        [
            Key("name", .prose, required: true, "The name of the file."),
            Key("text", .prose, required: true, "Its text; ¦ stands for the border of two cells."),
        ])

    static let expect = Section(
        "expect", "expect",
        Sample.Key.allCases.map { Key($0.rawValue, $0.shape, $0.meaning) } + [
            Key(
                "movements", .list(.section(expectedMovement)),
                "Each movement of a table, in its order.")
        ])

    static let expectedMovement = Section(
        "a movement", "bir hareket",
        Sample.Key.allCases.filter(\.isOfMovement).map { Key($0.rawValue, $0.shape, $0.meaning) })
}
