// SPDX-License-Identifier: Apache-2.0

internal import CLibXML
internal import Domain

/// CAMT.053, the bank-to-customer statement of ISO 20022, in any of its versions.
///
/// libxml2 walks the file from node to node; only one entry is held as a tree. Nothing is loaded
/// from elsewhere, no entity is put in, and a file with a DOCTYPE is refused.
struct CAMTReader {
    /// CAMT nests about 15 deep.
    private static let depthMax = 60
    /// An entry with a batch of 10,000 transfers has some 300,000.
    private static let nodesMax = 1_000_000

    /// libxml2's own tables.
    private static let library: Void = xmlInitParser()

    private var statements: [Statement] = []
    private var builder: CAMTStatement?

    static func read(_ bytes: [UInt8]) throws(StatementError) -> [Statement] {
        _ = library
        // The parser reads from the bytes until it is freed.
        let outcome: Result<[Statement], StatementError> = bytes.withUnsafeBytes { raw in
            guard
                let parser = xml_reader_open(
                    raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count))
            else {
                return .failure(
                    StatementError(
                        "camt", "the file cannot be opened", hint: "is there memory left?"))
            }
            defer { xmlFreeTextReader(parser) }
            var reader = CAMTReader()
            do throws(StatementError) {
                try reader.walk(parser)
                return .success(reader.statements)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private mutating func walk(_ parser: xmlTextReaderPtr) throws(StatementError) {
        var open: [CAMTNode] = []
        var path: [String] = []
        var nodes = 0
        var next = xmlTextReaderRead(parser)
        while next == 1 {
            // The parser itself may be further on than the node.
            let row = max(0, Int(xmlGetLineNo(xmlTextReaderCurrentNode(parser))))
            switch xmlTextReaderNodeType(parser) {
            case Int32(XML_READER_TYPE_DOCUMENT_TYPE.rawValue):
                throw StatementError(
                    "camt", "the file has a DOCTYPE, which CAMT.053 has not",
                    hint: "do not use it: it did not come from a bank")
            case Int32(XML_READER_TYPE_ELEMENT.rawValue):
                let name = text(xmlTextReaderConstLocalName(parser))
                path.append(name)
                guard path.count <= Self.depthMax else {
                    throw refusal(row, "the elements nest too deep")
                }
                if path.count == 2 { try check(name, row) }
                if path.count == 3, name == "Stmt" { builder = CAMTStatement(row: row) }
                if !open.isEmpty || path.count == 4 && builder != nil {
                    nodes = open.isEmpty ? 0 : nodes + 1
                    guard nodes <= Self.nodesMax else {
                        throw refusal(row, "an entry is too large")
                    }
                    var node = CAMTNode(name: name, row: row)
                    if let value = xmlTextReaderGetAttribute(parser, "Ccy") {
                        node.currency = text(value)
                        xml_text_free(value)
                    }
                    open.append(node)
                }
                if xmlTextReaderIsEmptyElement(parser) == 1 { try close(&open, &path) }
            case Int32(XML_READER_TYPE_END_ELEMENT.rawValue):
                try close(&open, &path)
            case Int32(XML_READER_TYPE_TEXT.rawValue), Int32(XML_READER_TYPE_CDATA.rawValue):
                guard let last = open.indices.last else { break }
                open[last].text += text(xmlTextReaderConstValue(parser))
                guard open[last].text.utf8.count <= StatementLimits.fieldBytesMax else {
                    throw refusal(row, "a text is too long")
                }
            case Int32(XML_READER_TYPE_ENTITY_REFERENCE.rawValue):
                throw refusal(row, "an entity stands in the text")
            default: break
            }
            next = xmlTextReaderRead(parser)
        }
        guard next == 0 else {
            throw StatementError(
                "camt", line: Int(xmlTextReaderGetParserLineNumber(parser)),
                column: Int(xmlTextReaderGetParserColumnNumber(parser)),
                "the XML is broken or cut off here", hint: "export the file again")
        }
        guard !statements.isEmpty else {
            throw StatementError(
                "camt", "no statement (Stmt) in the file", hint: "export it as CAMT.053")
        }
    }

    private func check(_ name: String, _ row: Int) throws(StatementError) {
        guard name != "BkToCstmrStmt" else { return }
        throw StatementError(
            "camt", line: row, "this is not CAMT.053: it has no BkToCstmrStmt",
            hint: "export the statement (053), not the report (052) or the notification (054)")
    }

    private func refusal(_ row: Int, _ cause: String) -> StatementError {
        StatementError("camt", line: row, cause, hint: "export the file again")
    }

    private mutating func close(
        _ open: inout [CAMTNode], _ path: inout [String]
    ) throws(StatementError) {
        let name = path.popLast()
        if let node = open.popLast() {
            if open.isEmpty {
                try builder?.take(node)
            } else {
                open[open.count - 1].children.append(node)
            }
        }
        guard path.count == 2, name == "Stmt", let done = builder else { return }
        statements.append(try done.finished())
        builder = nil
        guard statements.count <= StatementLimits.statementsMax else {
            throw StatementError(
                "camt", "the file has more than \(StatementLimits.statementsMax) statements",
                hint: "export fewer days")
        }
    }

    private func text(_ bytes: UnsafePointer<xmlChar>?) -> String {
        bytes.map { String(cString: $0) } ?? ""
    }
}

/// An element of an entry, balance or account.
struct CAMTNode {
    let name: String
    let row: Int
    var currency: String?
    var text = ""
    var children: [CAMTNode] = []

    /// The first element at a path such as `Acct/Id/IBAN`.
    func at(_ path: String) -> CAMTNode? {
        path.split(separator: "/").reduce(self as CAMTNode?) { node, name in
            node?.children.first { $0.name == name }
        }
    }

    /// The text there, without blanks around it; nil when there is none.
    func text(_ paths: String...) -> String? {
        for path in paths {
            if let text = at(path).flatMap({ StatementText.filled($0.text) }) { return text }
        }
        return nil
    }

    func all(_ name: String) -> [CAMTNode] { children.filter { $0.name == name } }
}
