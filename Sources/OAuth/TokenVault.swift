// SPDX-License-Identifier: Apache-2.0

package import Cryptography
package import Domain
internal import FoundationEssentials
internal import Glibc

/// The refresh tokens of all accounts: one sealed file each, replaced whole or not at all.
///
/// A provider that hands out a new refresh token may void the old one at that moment, so the new
/// one has to be on the disk before it is used: write beside, sync, rename, sync the folder.
package struct TokenVault: Sendable {
    private let folder: String
    private let key: SealingKey

    /// Refresh tokens are up to 2 KB, Microsoft's access tokens up to 4.
    private static let fileBytesMax = 65_536

    /// - Parameter folder: made when it is missing; only the agent's user may read it.
    package init(folder: String, masterKey: SealingKey) throws(OAuthError) {
        self.folder = folder
        do {
            key = try SealingKey(bytes: masterKey.derive("oauth tokens"))
        } catch { throw Self.failed("open", folder, error.cause) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw Self.failed("open", folder, String(cString: strerror(errno)))
        }
    }

    /// The refresh token of an account; nil when nobody signed in yet.
    package func refreshToken(of account: String) throws(OAuthError) -> Secret? {
        let path = path(of: account)
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard data.count <= Self.fileBytesMax else {
            throw Self.failed("read", path, "larger than any token")
        }
        do throws(CryptoError) {
            let plain = try key.open(Array(data), context: Array(account.utf8))
            return Secret(String(decoding: plain, as: UTF8.self))
        } catch {
            throw Self.failed("read", path, "it was sealed with another master key")
        }
    }

    /// Stores the token; when this returns, it is on the disk.
    package func store(_ token: Secret, of account: String) throws(OAuthError) {
        let path = path(of: account)
        let beside = path + ".new"
        let sealed: [UInt8]
        do throws(CryptoError) {
            sealed = try key.seal(Array(token.reveal().utf8), context: Array(account.utf8))
        } catch { throw Self.failed("store", path, error.cause) }
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failed("store", beside, Self.reason) }
        let isWritten = Self.writeAll(sealed, to: file) && fsync(file) == 0
        guard close(file) == 0, isWritten, rename(beside, path) == 0 else {
            throw Self.failed("store", path, Self.reason)
        }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    /// File names hold no account names: these may be addresses of people.
    private func path(of account: String) -> String {
        let digest = Digest.sha256(Array(account.utf8)).prefix(12)
        return folder + "/" + Hex.encode(Array(digest)) + ".token"
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static var reason: String { String(cString: strerror(errno)) }

    private static func failed(_ operation: String, _ path: String, _ cause: String) -> OAuthError {
        OAuthError(
            operation: "\(operation) \(path)", cause: cause,
            hint: "Let the agent's user write the state directory.", retry: .later)
    }
}
