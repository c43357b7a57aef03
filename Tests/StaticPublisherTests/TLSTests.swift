import Foundation
import TestSupport
import Testing

/// HTTPS: certificates and the names in them are verified.
///
/// Goal: the command, against a store with a certificate of an authority that is only in a file.
@Suite struct TLSTests {
  private let authority = CertificateAuthority()
  private let site: TemporaryDirectory
  private let store: MemoryStore

  init() throws {
    store = MemoryStore(
      certificate: authority.path("site.pem"),
      key: authority.path("site.key")
    )
    site = TemporaryDirectory()
    for number in 0..<40 { site.write("\(number)", to: "source/\(number).txt") }
    site.write([UInt8](repeating: 7, count: 6 << 20), to: "source/large.mp4")
    let collected = Command.staticd(
      "collect",
      site.path("source"),
      "--root",
      site.path("root"),
      "--no-cache"
    )
    precondition(collected.status == 0, collected.errors)
  }

  private func publish(_ host: String, _ variables: [String: String]) -> CommandResult {
    Command.staticd(
      "publish",
      "s3://bucket/static",
      "--root",
      site.path("root"),
      "--endpoint",
      "https://\(host):\(store.securePort)",
      environment: [
        "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "test/secret",
        // Without the machine's own settings.
        "AWS_CA_BUNDLE": "", "SSL_CERT_FILE": "", "SSL_CERT_DIR": "",
      ].merging(variables) { $1 }
    )
  }

  @Test("an authority from a file is trusted", arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
  func trusted(variable: String) throws {
    let result = publish("localhost", [variable: authority.path("authority.pem")])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try store.objects()["static/large.mp4"]?.body.count == 6 << 20)
  }

  @Test("a server that cannot be verified receives nothing")
  func refused() throws {
    let rows = [
      ("localhost", "other.pem", "certificate of 'localhost' is not accepted"),
      ("127.0.0.1", "authority.pem", "certificate of '127.0.0.1' is not accepted"),
      ("localhost", "site.key", "has no certificates"),
      ("localhost", "none.pem", "has no certificates"),
    ]
    for (host, file, text) in rows {
      let result = publish(host, ["AWS_CA_BUNDLE": authority.path(file)])
      #expect(result.status == 3 && result.errors.contains(text), "\(result.errors)")
      #expect(result.errorLines.count == 1)
    }
    let system = publish("localhost", [:])
    #expect(system.status == 3, "\(system.errors)")
    #expect(try store.log().isEmpty)
  }
}
