// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What a CMS object holds: the `smime.p7m` of a mail. Source: RFC 5652, RFC 8551 §3.
package enum SignedContent: Hashable, Sendable {
    /// The content of an object that is signed and not encrypted. The signature was not checked.
    case plain([UInt8])
    /// Signatures or certificates alone.
    case nothing
    /// It is encrypted, packed, or cannot be read.
    case sealed

    /// - Parameter der: DER or BER; bytes behind the object do not count.
    package init(_ der: [UInt8]) {
        self = der.withUnsafeBufferPointer { bytes in
            var place = bytes.baseAddress
            guard let object = d2i_CMS_ContentInfo(nil, &place, bytes.count) else {
                ERR_clear_error()
                return .sealed
            }
            defer { CMS_ContentInfo_free(object) }
            guard OBJ_obj2nid(CMS_get0_type(object)) == NID_pkcs7_signed else { return .sealed }
            guard let content = CMS_get0_content(object)?.pointee,
                let start = ASN1_STRING_get0_data(content)
            else { return .nothing }
            let count = Int(ASN1_STRING_length(content))
            return .plain(Array(UnsafeBufferPointer(start: start, count: max(0, count))))
        }
    }
}
