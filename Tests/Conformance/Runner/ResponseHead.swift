import Foundation

/// A protocol violation in a response.
struct Violation: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Parses a response head and rejects everything that a sender must not generate.
///
/// Source: RFC 9112 §4 to §6, RFC 9110 §5 and §6.6.1.
enum ResponseHead {
  /// Parses `bytes`, a head including its empty line.
  static func parse(_ bytes: ArraySlice<UInt8>) throws -> Response {
    let text = String(decoding: bytes, as: UTF8.self)
    // CRLF is one Character: splitting at it leaves every bare CR or LF in a line.
    var lines = text.split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
    lines.removeLast(2)
    for line in lines where line.unicodeScalars.contains(where: { isControl($0) }) {
      throw Violation("a control character in the line '\(line)'")
    }
    let status = try status(of: lines.first ?? "")
    let fields = try lines.dropFirst().map(field)
    let response = Response(status: status, fields: fields)
    try checkSingletons(response)
    try checkFraming(response)
    try checkDate(response)
    return response
  }

  private static func status(of line: Substring) throws -> Int {
    guard line.wholeMatch(of: #/HTTP\/1\.[01] [1-5][0-9][0-9] .*/#) != nil,
      let code = Int(line.dropFirst(9).prefix(3))
    else { throw Violation("the status line '\(line)'") }
    return code
  }

  private static func field(_ line: Substring) throws -> (name: String, value: String) {
    guard let match = line.wholeMatch(of: #/([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*/#)
    else { throw Violation("the field line '\(line)'") }
    return (String(match.1), String(match.2))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F
  }

  private static func checkSingletons(_ response: Response) throws {
    let names = [
      "Content-Length", "Content-Type", "Content-Range", "Date", "ETag", "Last-Modified",
      "Location",
    ]
    for name in names where response.values(name).count > 1 {
      throw Violation("two \(name) lines")
    }
  }

  private static func checkFraming(_ response: Response) throws {
    let length = response["Content-Length"]
    let isChunked = response["Transfer-Encoding"] != nil
    if let length, length.isEmpty || length.contains(where: { !("0"..."9").contains($0) }) {
      throw Violation("Content-Length: \(length)")
    }
    if length != nil && isChunked { throw Violation("Content-Length with Transfer-Encoding") }
    if response.status / 100 == 1 || response.status == 204, length != nil || isChunked {
      throw Violation("a \(response.status) with Content-Length or Transfer-Encoding")
    }
  }

  /// RFC 9110 §6.6.1: a server with a clock sends `Date` in all 2xx, 3xx and 4xx.
  private static func checkDate(_ response: Response) throws {
    guard let date = response["Date"] else {
      if (200..<500).contains(response.status) { throw Violation("no Date") }
      return
    }
    guard let time = HTTPDateText.parse(date) else { throw Violation("Date: \(date)") }
    guard abs(time.timeIntervalSinceNow) < 3600 else {
      throw Violation("Date: \(date) is not now")
    }
  }
}
