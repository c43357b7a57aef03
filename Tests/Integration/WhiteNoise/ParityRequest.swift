import Foundation
import TestSupport

/// One request for both servers, with the differences that its responses may show.
struct ParityRequest: CustomStringConvertible {
  let method: String
  let path: String
  /// The value of `Accept-Encoding`; nil sends no field.
  let wish: String?
  /// More field lines, without the final line end; may be empty.
  let condition: String
  let differences: [Difference]

  var description: String { "\(method) \(path) \(wish ?? "-") \(condition.debugDescription)" }

  init(
    _ method: ParityTables.Row,
    _ path: ParityTables.Row,
    wish: ParityTables.Row? = nil,
    condition: ParityTables.Row? = nil
  ) {
    self.method = method.text
    self.path = path.text
    self.wish = wish?.text
    self.condition = condition?.text ?? ""
    let rows = [method, path, wish, condition]
    differences = rows.flatMap { $0?.differences ?? [] } + Difference.everywhere
  }

  /// The response of the server at `port`, whose prefix is `/static/`.
  func answer(of port: UInt16, hashed: [String: String]) -> HTTPResponse? {
    var condition = condition
    if condition.contains("TAG") || condition.contains("DATE") {
      let plain = send("GET", "", to: port, hashed)
      condition = condition.replacingOccurrences(of: "TAG", with: plain?["ETag"] ?? "")
      condition = condition.replacingOccurrences(of: "DATE", with: plain?["Last-Modified"] ?? "")
    }
    return send(method, condition, to: port, hashed)
  }

  private func send(
    _ method: String,
    _ condition: String,
    to port: UInt16,
    _ hashed: [String: String]
  ) -> HTTPResponse? {
    var name = path
    if name.hasPrefix("HASHED(") {
      name = String(name.dropFirst(7).dropLast())
      name = hashed[name] ?? name
    }
    var lines = ["\(method) /static/\(name) HTTP/1.1", "Host: test", "Connection: close"]
    if let wish { lines.append("Accept-Encoding: \(wish)") }
    if !condition.isEmpty { lines.append(condition) }
    let client = HTTPClient(port: port)
    client.send(lines.map { $0 + "\r\n" }.joined() + "\r\n")
    return client.response(hasBody: method != "HEAD")
  }
}

/// A difference between two responses to one request.
struct Mismatch {
  let field: String
  let whiteNoise: HTTPResponse
  let staticd: HTTPResponse

  private static let fields = [
    "Content-Type", "Content-Encoding", "Content-Length", "Cache-Control", "Vary", "Last-Modified",
    "Access-Control-Allow-Origin", "Allow", "Content-Range", "Accept-Ranges",
  ]

  /// All differences between two responses.
  ///
  /// Of entity tags only the presence is compared.
  static func all(_ whiteNoise: HTTPResponse, _ staticd: HTTPResponse) -> [Mismatch] {
    var names = fields.filter { whiteNoise[$0] != staticd[$0] }
    if (whiteNoise["ETag"] == nil) != (staticd["ETag"] == nil) { names.append("ETag") }
    if whiteNoise.status != staticd.status { names.append("status") }
    if [200, 206].contains(staticd.status), names.allSatisfy({ !$0.hasPrefix("Content-") }),
      whiteNoise.body != staticd.body
    {
      names.append("body")
    }
    return names.map { Mismatch(field: $0, whiteNoise: whiteNoise, staticd: staticd) }
  }
}
