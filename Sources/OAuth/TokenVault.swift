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
        guard mkdir(folder, 0o700) == 0 else {
            guard errno == EEXIST else { throw Self.failed("open", folder, Self.reason) }
            return
        }
        var above = stat()
        if geteuid() == 0, stat(folder + "/..", &above) == 0 {
            _ = chown(folder, above.st_uid, above.st_gid)
        }
    }

    /// Another number after each `store`, by whatever process; 0 when nobody signed in yet. It
    /// costs one call of the system.
    package func stamp(of account: String) -> UInt64 {
        var about = stat()
        guard stat(path(of: account), &about) == 0 else { return 0 }
        // A file that was replaced has another number, or at least another time.
        let time =
            UInt64(bitPattern: Int64(about.st_mtim.tv_sec)) &* 1_000_000_000
            &+ UInt64(bitPattern: Int64(about.st_mtim.tv_nsec))
        return (UInt64(about.st_ino) &* 0x9E37_79B9_7F4A_7C15) ^ time | 1
    }

    /// The refresh token of an account; nil when nobody signed in yet.
    package func refreshToken(of account: String) throws(OAuthError) -> Secret? {
        let path = path(of: account)
        guard let data = FileManager.default.contents(atPath: path) else {
            guard access(path, F_OK) != 0 else { throw Self.failed("read", path, Self.reason) }
            return nil
        }
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

    /// Stores the token of somebody who signed in; when this returns, it is on the disk.
    package func store(_ token: Secret, of account: String) throws(OAuthError) {
        try locked { () throws(OAuthError) in try write(token, of: account) }
    }

    /// Stores the token that the provider gave in exchange for `old`, unless somebody has signed in
    /// meanwhile: that person's token stays.
    ///
    /// - Returns: whether it was stored.
    package func replace(
        _ old: Secret, with token: Secret, of account: String
    ) throws(OAuthError) -> Bool {
        try locked { () throws(OAuthError) in
            guard try refreshToken(of: account)?.reveal() == old.reveal() else { return false }
            try write(token, of: account)
            return true
        }
    }

    /// Runs `body` while no other process writes here (flock(2)).
    private func locked<Value>(
        _ body: () throws(OAuthError) -> Value
    ) throws(OAuthError) -> Value {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Self.failed("lock", folder, Self.reason) }
        defer { close(file) }
        guard flock(file, LOCK_EX) == 0 else { throw Self.failed("lock", folder, Self.reason) }
        return try body()
    }

    /// What root writes belongs to whom the folder belongs: the agent must be able to read it.
    private func giveToOwner(_ file: Int32) {
        var about = stat()
        guard geteuid() == 0, stat(folder, &about) == 0 else { return }
        _ = fchown(file, about.st_uid, about.st_gid)
    }

    private func write(_ token: Secret, of account: String) throws(OAuthError) {
        let path = path(of: account)
        let beside = path + ".new"
        let sealed: [UInt8]
        do throws(CryptoError) {
            sealed = try key.seal(Array(token.reveal().utf8), context: Array(account.utf8))
        } catch { throw Self.failed("store", path, error.cause) }
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failed("store", beside, Self.reason) }
        giveToOwner(file)
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
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
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
