// SPDX-License-Identifier: Apache-2.0

import CCurl
import COpenSSL
import Glibc

/// The certificate authorities that streams trust, read once for all of them.
///
/// A thousand connections that each read the system's bundle would hold a gigabyte. A bundle that
/// was replaced is read anew with the next log-in. It belongs to one thread.
package final class AuthorityCache {
    /// What tells one state of a file from another.
    private struct Version: Equatable {
        var inode: UInt
        var sizeBytes: Int
        var changed: Int
    }

    private var stores: [String: (Version, AuthorityStore)] = [:]

    package init() {}

    func store(for endpoint: StreamEndpoint) throws(StreamError) -> AuthorityStore {
        let path = endpoint.caFile ?? Self.system
        var info = stat()
        guard stat(path, &info) == 0 else { throw unreadable(endpoint) }
        let version = Version(
            inode: UInt(info.st_ino), sizeBytes: Int(info.st_size),
            changed: Int(info.st_mtim.tv_sec))
        if let (known, store) = stores[path], known == version { return store }
        guard let store = AuthorityStore(path) else { throw unreadable(endpoint) }
        stores[path] = (version, store)
        return store
    }

    private func unreadable(_ endpoint: StreamEndpoint) -> StreamError {
        endpoint.error(
            .certificate, "connect", "the file of certificate authorities cannot be read")
    }

    /// Debian's bundle, unless libcurl was built for another one.
    private static let system: String = {
        guard let handle = curl_easy_init() else { return debian }
        defer { curl_easy_cleanup(handle) }
        return mutabik_stream_authorities(handle).map { String(cString: $0) } ?? debian
    }()

    private static let debian = "/etc/ssl/certs/ca-certificates.crt"
}

/// A set of trusted certificates, as OpenSSL keeps it.
final class AuthorityStore {
    private let store: OpaquePointer

    /// Nil when the file holds none.
    init?(_ path: String) {
        guard let store = X509_STORE_new() else { return nil }
        self.store = store
        guard X509_STORE_load_file(store, path) == 1 else {
            ERR_clear_error()
            return nil
        }
        // As libcurl does it: an intermediate authority, or a server's own certificate, may be
        // trusted by itself.
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }

    deinit { X509_STORE_free(store) }

    /// Has the connection trust these and no others. The store must live as long as the log-in.
    func attach(to handle: UnsafeMutableRawPointer) -> CURLcode {
        let use: mutabik_stream_tls = { _, context, store in
            guard let context, let store else { return CURLE_SSL_CERTPROBLEM }
            // Takes a reference of its own.
            SSL_CTX_set1_cert_store(OpaquePointer(context), OpaquePointer(store))
            return CURLE_OK
        }
        return mutabik_stream_on_tls(handle, use, UnsafeMutableRawPointer(store))
    }
}
