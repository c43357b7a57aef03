import Foundation
import Testing

@testable import StaticPublisher

/// Signatures, compared with botocore 1.x for the same requests and time.
///
/// Goal: every kind of request, keys with every encoded character, a session token, and spaces in
/// values.
@Suite struct SignatureTests {
  struct Row: Decodable, Sendable, CustomTestStringConvertible {
    let method: String
    let host: String
    let key: String?
    let query: [[String]]
    let fields: [[String]]
    let payloadHash: String
    let token: String?
    let region: String
    let path: String
    let authorization: String

    var testDescription: String { "\(method) \(path)" }
  }

  static let rows: [Row] = {
    let url = Bundle.module.url(forResource: "Vectors/signatures", withExtension: "json")!
    return try! JSONDecoder().decode([Row].self, from: Data(contentsOf: url))
  }()

  @Test(arguments: rows)
  func signs(row: Row) {
    let credentials = Credentials(
      accessKey: "AKIDEXAMPLE",
      secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      sessionToken: row.token
    )
    let path = "/" + URIText.encode((row.key ?? "").utf8, keepsSlashes: true)
    #expect(path == row.path)
    let fields = Signature(credentials: credentials, region: row.region).signed(
      Signature.Parts(
        method: row.method,
        host: row.host,
        path: path,
        query: row.query.map { ($0[0], $0[1]) },
        fields: row.fields.map { ($0[0], $0[1]) },
        payloadHash: row.payloadHash
      ),
      at: AWSTime(secondsSince1970: 1_795_983_330)
    )
    #expect(fields.first { $0.name == "Authorization" }?.value == row.authorization)
    #expect(fields.first { $0.name == "x-amz-security-token" }?.value == row.token)
  }

  @Test("the description of credentials does not contain them")
  func isSilent() {
    let credentials = Credentials(accessKey: "AKID", secretKey: "SECRET", sessionToken: "TOKEN")
    var dumped = ""
    dump(credentials, to: &dumped)
    let texts = ["\(credentials)", String(reflecting: credentials), dumped]
    for text in texts { #expect(!text.contains("SECRET") && !text.contains("TOKEN"), "\(text)") }
  }

  @Test(
    arguments: [
      ("2026-11-29T20:15:30Z", 1_795_983_330), ("2026-11-29T20:15:30.123Z", 1_795_983_330),
      ("1970-01-01T00:00:00Z", 0), ("2026-11-29", nil), ("2026-13-29T20:15:30Z", nil),
      ("2026-11-29T21:15:30+01:00", 1_795_983_330), ("2026-11-29T20:15:30-0000", 1_795_983_330),
      ("2026-11-29T14:45:30.5-05:30", 1_795_983_330), ("2026-11-29T20:15:30", nil),
      ("2026-11-29T20:15:30+1", nil), ("2026-11-29T20:15:30Zz", nil), ("", nil),
    ] as [(String, Int64?)]
  )
  func readsTime(text: String, seconds: Int64?) {
    #expect(AWSTime.seconds(ofISO8601: text) == seconds)
  }
}
