/// The status line and the fields of a response.
///
/// Source: RFC 9112 §4, §5.
struct ResponseHead: Equatable, Sendable {
  /// The largest head that is read.
  static let byteCountMax = 65536

  let status: Int
  /// Whether the version is HTTP/1.1, whose connections are persistent by default.
  private let isPersistentVersion: Bool
  /// Names in lower case, values without white space around them.
  let names: [String]
  let values: [String]

  /// How the content is delimited.
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
    case untilClose
  }

  /// The index after the empty line that ends a head; nil if it has not been received yet.
  static func end(of bytes: [UInt8]) -> Int? {
    let end: [UInt8] = [13, 10, 13, 10]
    guard bytes.count >= end.count else { return nil }
    for index in 0...(bytes.count - end.count)
    where bytes[index] == 13 && bytes[index..<(index + end.count)].elementsEqual(end) {
      return index + end.count
    }
    return nil
  }

  /// Parses a head with its empty line; nil if it is malformed.
  init?(_ bytes: ArraySlice<UInt8>) {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\r\n",
      omittingEmptySubsequences: false
    )
    let words = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].count == 3,
      let status = Int(words[1]), status >= 100
    else { return nil }
    var names: [String] = []
    var values: [String] = []
    for line in lines.dropFirst().prefix(while: { !$0.isEmpty }) {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
        line[..<colon].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { return nil }
      names.append(line[..<colon].lowercased())
      values.append(Self.trimmed(line[line.index(after: colon)...]))
    }
    self.status = status
    self.names = names
    self.values = values
    isPersistentVersion = words[0] == "HTTP/1.1"
  }

  /// The value of the first field of this name, which is in lower case.
  func field(_ name: String) -> String? {
    names.firstIndex(of: name).map { values[$0] }
  }

  /// How the content of the response to `method` is delimited; nil if the fields contradict each
  /// other.
  ///
  /// Source: RFC 9112 §6.3.
  func framing(of method: String) -> Framing? {
    if method == "HEAD" || status < 200 || status == 204 || status == 304 { return Framing.none }
    let codings = zip(names, values).filter { $0.0 == "transfer-encoding" }.map(\.1)
    if !codings.isEmpty {
      return codings.count == 1 && codings[0].lowercased() == "chunked" ? .chunked : nil
    }
    // Equal lengths count as one (RFC 9110 §8.6).
    let values = zip(names, values).filter { $0.0 == "content-length" }.map(\.1)
    let lengths = Set(
      values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        .map(Self.trimmed)
    )
    guard let length = lengths.first else { return .untilClose }
    guard lengths.count == 1, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int(length)
    else { return nil }
    return .length(count)
  }

  /// Whether the connection may be reused after this response.
  var keepsConnection: Bool {
    let values = zip(names, values).filter { $0.0 == "connection" }.map { $0.1.lowercased() }
    let options = values.flatMap { $0.split(separator: ",").map(Self.trimmed) }
    return isPersistentVersion ? !options.contains("close") : options.contains("keep-alive")
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...last])
  }
}
