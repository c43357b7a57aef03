import Foundation

/// Values of the server that rows refer to as `{name}`.
///
/// A row with a placeholder without a value does not apply: it tests the use of an entity tag that
/// the server does not send.
struct ServerFacts: Sendable {
  private(set) var values: [String: String]

  /// Requests the values from `endpoint`.
  ///
  /// - Throws: if it does not respond.
  init(_ endpoint: Endpoint) throws {
    values = ["host": "\(endpoint.host):\(endpoint.port)", "prefix": endpoint.prefix]
    try learn(endpoint, "plain.txt", coding: nil, suffix: "")
    try learn(endpoint, "text.txt", coding: "identity", suffix: "-text")
    try learn(endpoint, "text.txt", coding: "br", suffix: "-br")
    try learn(endpoint, "text.txt", coding: "gzip", suffix: "-gzip")
    guard let modified = values["modified"].flatMap(HTTPDateText.parse) else { return }
    values["modified-rfc850"] = HTTPDateText.format(modified, HTTPDateText.rfc850)
    values["modified-asctime"] = HTTPDateText.format(modified, HTTPDateText.asctime)
    values["earlier"] = HTTPDateText.format(modified - 1)
    values["later"] = HTTPDateText.format(modified + 1)
  }

  /// `text` with every placeholder replaced; nil if one has no value.
  func fill(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      bytes += rest[..<open].utf8
      let name = rest[rest.index(after: open)..<close]
      guard let value = value(of: name) else { return nil }
      bytes += value
      rest = rest[rest.index(after: close)...]
    }
    return bytes + rest.utf8
  }

  /// The same as a string.
  func text(_ text: String) -> String? {
    fill(text).map { String(decoding: $0, as: UTF8.self) }
  }

  private func value(of name: Substring) -> [UInt8]? {
    guard name.hasPrefix("hex:") else { return values[String(name)].map { Array($0.utf8) } }
    let digits = Array(name.dropFirst(4))
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }

  private mutating func learn(
    _ endpoint: Endpoint,
    _ path: String,
    coding: String?,
    suffix: String
  ) throws {
    let line = coding.map { "Accept-Encoding: \($0)\r\n" } ?? ""
    let text = "GET {prefix}\(path) HTTP/1.1\r\nHost: {host}\r\n\(line)\r\n"
    let connection = try Connection(endpoint)
    connection.send(fill(text) ?? [])
    guard let response = try ResponseReader(connection).next(isHead: false) else {
      throw Violation("no response for \(path)")
    }
    guard response.status == 200 else {
      throw Violation("\(response.status) for \(path): are the fixtures served here?")
    }
    guard (response["Content-Encoding"] ?? "identity") == coding ?? "identity" else { return }
    values["modified\(suffix)"] = response["Last-Modified"]
    guard let tag = response["ETag"] else { return }
    values["etag\(suffix)"] = tag
    // If-Match and If-Range compare strongly, so only strong tags are useful there.
    if !tag.hasPrefix("W/") { values["strong\(suffix)"] = tag }
    let opaque = tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
    values["opaque\(suffix)"] = opaque
    // A different tag, unless the tag has no letters.
    if opaque.uppercased() != opaque { values["upper\(suffix)"] = opaque.uppercased() }
  }
}
