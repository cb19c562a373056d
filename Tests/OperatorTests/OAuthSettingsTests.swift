// SPDX-License-Identifier: Apache-2.0

import OAuth
import Testing

@testable import Operator

@Suite("signing in, in the configuration")
struct OAuthSettingsTests {
    private func mailbox(_ lines: String) throws(ConfigurationError) -> Configuration.Mailbox {
        let text = """
            master_key: {file: /k}
            matching: {own_accounts: any, own_addresses: any}
            mailboxes:
              - name: bank
                host: imap.example.org
                user: kasa@example.org

            """
        let configuration = try Configuration(text: text + lines, path: "mutabik.yaml")
        return configuration.mailboxes[0]
    }

    private func oauth(_ fields: String) throws -> OAuthSettings {
        guard case .oauth(let settings) = try mailbox("    oauth: {\(fields)}\n").proof else {
            throw ConfigurationError(path: "", line: 0, column: 0, message: "no oauth")
        }
        return settings
    }

    @Test("is for Google, Microsoft or a provider that is named")
    func providers() throws {
        let google = try oauth("provider: google, client_id: a, client_secret: {file: /s}")
        #expect(google.provider == .google && google.signIn == .person)
        let microsoft = try oauth("provider: microsoft, client_id: a")
        #expect(microsoft.provider == .microsoft(tenant: "common"))
        #expect(microsoft.clientSecret == nil)
        let application = try oauth(
            "provider: microsoft, client_id: a, client_secret: {file: /s}, tenant: dernek.example, "
                + "sign_in: application")
        #expect(application.provider == .microsoft(tenant: "dernek.example"))
        #expect(application.signIn == .application)
        let other = try oauth(
            "provider: other, client_id: a, scope: mail, token_url: 'https://id.example/token', "
                + "device_url: 'https://id.example/device'")
        #expect(other.provider.tokenURL == "https://id.example/token")
        #expect(other.provider.applicationScope == "mail")
    }

    @Test(
        "is refused where it cannot work",
        arguments: [
            ("", "write either `password` or `oauth`, one of the two"),
            (
                "    password: {file: /p}\n    oauth: {provider: google, client_id: a}\n",
                "write either `password` or `oauth`, one of the two"
            ),
            (
                "    oauth: {provider: google, client_id: a, sign_in: application}\n",
                "Google lets no application into mail by itself; write sign_in: person"
            ),
            (
                "    oauth: {provider: google, client_id: a, scope: mail}\n",
                "`oauth.scope` is for provider other; google needs none"
            ),
            (
                "    oauth: {provider: microsoft, client_id: a, tenant: 'a/../b'}\n",
                "`oauth.tenant` is a directory id or a domain"
            ),
            (
                "    oauth: {provider: microsoft, client_id: a, sign_in: application}\n",
                "sign_in application needs your organization's own `oauth.tenant`"
            ),
            (
                "    oauth: {provider: microsoft, client_id: a, tenant: t, sign_in: application}\n",
                "sign_in application needs `oauth.client_secret`"
            ),
            (
                "    oauth: {provider: other, client_id: a, scope: m, token_url: 'http://id.example'}\n",
                "`oauth.token_url` begins with https://"
            ),
            (
                "    oauth: {provider: other, client_id: a, scope: m, token_url: 'https://id.example'}\n",
                "`oauth.authorize_url` or `oauth.device_url` is missing"
            ),
        ])
    func refusals(lines: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try mailbox(lines) }
        #expect(error?.description == "mutabik.yaml: mailbox `bank`: " + message)
    }
}
