internal import CSSL
internal import StaticCollector

/// Signs requests: AWS Signature Version 4 with the payload's SHA-256 in the signature.
///
/// Pure: the same values give the same signature.
///
/// Source: Amazon S3, "Authenticating Requests: Using the Authorization Header (AWS Signature
/// Version 4)", transferring the payload in a single chunk.
struct Signature: Sendable {
  let credentials: Credentials
  let region: String
  var service = "s3"

  /// The SHA-256 of an empty payload.
  static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  /// The parts of a request that are signed.
  struct Parts {
    let method: String
    let host: String
    /// Percent-encoded once; begins with a slash.
    let path: String
    /// Names and values, not encoded.
    var query: [(name: String, value: String)] = []
    /// The fields other than Host and those that are added here.
    var fields: [(name: String, value: String)] = []
    /// Lower-case hexadecimal.
    var payloadHash = Signature.emptyHash
  }

  /// The fields of the request, with those that authenticate it.
  func signed(_ parts: Parts, at time: AWSTime) -> [(name: String, value: String)] {
    var fields = parts.fields
    fields.append(("x-amz-content-sha256", parts.payloadHash))
    fields.append(("x-amz-date", time.text))
    if let token = credentials.sessionToken { fields.append(("x-amz-security-token", token)) }
    fields.append(("Authorization", authorization(parts, fields, at: time)))
    return fields
  }

  private func authorization(
    _ parts: Parts,
    _ fields: [(name: String, value: String)],
    at time: AWSTime
  ) -> String {
    let lines = (fields + [("host", parts.host)])
      .map { (name: $0.name.lowercased(), value: Self.canonical($0.value)) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let names = lines.map(\.name).joined(separator: ";")
    let request = [
      parts.method, parts.path, Self.query(parts.query),
      lines.map { "\($0.name):\($0.value)\n" }.joined(), names, parts.payloadHash,
    ].joined(separator: "\n")
    let scope = "\(time.day)/\(region)/\(service)/aws4_request"
    let text = [
      "AWS4-HMAC-SHA256", time.text, scope,
      String(decoding: ContentDigests.sha256(Array(request.utf8)[...]), as: UTF8.self),
    ].joined(separator: "\n")
    var key = Array("AWS4\(credentials.secretKey)".utf8)
    for part in [time.day, region, service, "aws4_request"] {
      key = Self.hmac(key, Array(part.utf8))
    }
    let signature = DigestText.hexadecimal(Self.hmac(key, Array(text.utf8)))
    return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), "
      + "SignedHeaders=\(names), Signature=\(String(decoding: signature, as: UTF8.self))"
  }

  /// The query as sent and signed: encoded, and sorted by the encoded names and values.
  static func query(_ query: [(name: String, value: String)]) -> String {
    query.map { (URIText.encode($0.name.utf8), URIText.encode($0.value.utf8)) }
      .sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
      .map { "\($0.0)=\($0.1)" }
      .joined(separator: "&")
  }

  /// A value without white space at its ends, and with single spaces inside.
  private static func canonical(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }

  private static func hmac(_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
      unsafe cssl_hmac_sha256(key, Int32(key.count), bytes, bytes.count, digest.baseAddress)
      count = 32
    }
  }
}
