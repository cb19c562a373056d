// SPDX-License-Identifier: Apache-2.0

/// Own files for senders that a shipped file reads: that one is asked first for each of their mails
/// and mostly has an answer, while the samples of the own file run on it alone and hold.
struct SharedSenders {
    /// The shipped file for each address and domain.
    private var files: [String: RuleFile] = [:]

    /// - Parameter shipped: files in force, in the order in which they are asked.
    init(_ shipped: some Sequence<RuleFile>) {
        // A file without variants only names senders, for others to read.
        for file in shipped where !file.variants.isEmpty {
            for key in Self.keys(of: file) where files[key] == nil { files[key] = file }
        }
    }

    /// What is wrong with an own file; nil when nobody else reads its senders. A domain of its own
    /// beside an address of the shipped file is none: it takes what that leaves.
    func problem(of file: RuleFile, _ source: (path: String, layer: RuleSource.Layer))
        -> RuleProblem?
    {
        guard !file.variants.isEmpty,
            let sender = Self.keys(of: file).first(where: { files[$0] != nil }),
            let other = files[sender], other.id != file.id
        else { return nil }
        return RuleProblem(
            path: source.path, layer: source.layer, line: file.idPlace.line,
            column: file.idPlace.column,
            message: Wording(
                "\(other.id) reads \(sender) already and is asked first; write extends: "
                    + "\(other.id) to add to it, or id: \(other.id) to take its place",
                "\(sender) adresini zaten \(other.id) okuyor, önce o sorulur; ona eklemek için "
                    + "extends: \(other.id), onun yerine geçmek için id: \(other.id) yazın"),
            offending: file.id)
    }

    private static func keys(of file: RuleFile) -> [String] { file.addresses + file.domains }
}
