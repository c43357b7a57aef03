import TestSupport
import Testing

@testable import StaticAssets

/// The parser compared with a naive parser of the RFC, on random heads.
///
/// Goal: the parser agrees with the RFC, also if a head is received in pieces. Method: random heads
/// of the usual parts, most of them damaged, are parsed by both implementations; the parser also
/// parses every prefix. The seed is fixed and reported on failure.
@Suite struct RequestHeadPropertyTests {
  /// Other seeds give other heads: change them for a wider search.
  static let seeds: [UInt64] = Array(1...8)
  static let headsPerSeed = 2500

  @Test("the parser and a naive parser agree", arguments: seeds)
  func agree(seed: UInt64) {
    var maker = HeadMaker(seed: seed)
    var outcomes = (complete: 0, incomplete: 0)
    for _ in 0..<Self.headsPerSeed {
      let bytes = maker.head()
      let limits = maker.limits()
      let expected = NaiveRequestHead.read(bytes, limits)
      let found = NaiveRequestHead.Outcome(ofParsing: bytes, limits)
      let input = String(decoding: bytes, as: UTF8.self).debugDescription
      #expect(found == expected, "seed \(seed), \(limits): \(input)")
      let early = firstDisagreement(bytes, limits)
      #expect(early == nil, "seed \(seed), \(limits): \(input)")
      if found != expected || early != nil { return }
      if case .complete = found { outcomes.complete += 1 }
      if found == .incomplete { outcomes.incomplete += 1 }
    }
    // The comparison is meaningful only if some heads are accepted.
    #expect(outcomes.complete > Self.headsPerSeed / 10, "\(outcomes)")
    #expect(outcomes.incomplete > Self.headsPerSeed / 100, "\(outcomes)")
  }

  /// The length of the first prefix of `bytes` with another outcome than the whole; a prefix may be
  /// incomplete if the whole needs more.
  private func firstDisagreement(_ bytes: [UInt8], _ limits: RequestLimits) -> Int? {
    var head = RequestHead()
    let final = RequestHeadParser.parse(bytes.span, limits: limits, into: &head)
    let needed = final == .complete ? head.byteCount : bytes.count
    for count in 0..<bytes.count {
      let part = bytes.span.extracting(first: count)
      let outcome = RequestHeadParser.parse(part, limits: limits, into: &head)
      if outcome == .incomplete, count < needed { continue }
      if outcome != final || (final == .complete && count < needed) { return count }
    }
    return nil
  }
}

/// Generates heads of the usual parts, and damages them.
private struct HeadMaker {
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  /// Valid values, and values that are mostly invalid.
  private typealias Choice = (right: [String], wrong: [String])

  private static let methods: Choice = (
    ["GET", "HEAD", "OPTIONS", "POST", "get"], ["CONNECT", "connect", "GE", ""]
  )
  private static let targets: Choice = (
    [
      "/", "/a", "/a.css", "/a?b", "/a?b?c", "/%61", "/\u{E9}", "//x/a", "http://x/a",
      "http://x?a/b",
      "HTTPS://[::1]:8/a?b", "http://x", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
    ["*", "http://u@x/", "http:///a", "http://:1/", "x:80", "ftp://x/a", "a", "/a#b"]
  )
  private static let versions: Choice = (
    ["HTTP/1.1", "HTTP/1.0", "HTTP/1.9"],
    ["HTTP/2.0", "HTTP/0.9", "HTTP/1", "http/1.1", "HTTP/1.10"]
  )
  private static let hosts: Choice = (
    ["x", "x:80", "", "a.test", "[::1]", "[::1]:80", "[v1.a]", "a%41", ":80", "a:"],
    ["a:b", "a:1:2", "[::1", "::1]", "a%4", "u@a", "a,b", "a b", "[]"]
  )
  private static let fields: [(name: String, values: Choice)] = [
    (
      "Connection", (["close", "keep-alive", "Keep-Alive, x", "x,CLOSE ,"], ["closed", "a close"])
    ),
    (
      "Content-Length",
      (["0", "1", "999999999999999999"], ["+1", "1, 1", "", "0000000000000000001"])
    ),
    ("Transfer-Encoding", (["chunked", "Chunked"], ["gzip, chunked", "identity", ""])),
    ("Accept-Encoding", (["gzip", "br;q=0", "", "*"], ["gzip gzip"])),
    ("If-None-Match", (["\"a\"", "W/\"a\", \"b\"", "*", ""], ["\"a"])),
    ("If-Modified-Since", (["Sun, 06 Nov 1994 08:49:37 GMT"], ["", "x"])),
    ("If-Unmodified-Since", (["Sun, 06 Nov 1994 08:49:37 GMT"], ["", "x"])),
    ("If-Match", (["\"a\"", "*"], ["a"])),
    ("If-Range", (["\"a\""], ["", "x"])),
    ("Range", (["bytes=0-1", "bytes=-5, 7-"], ["", "0-1"])),
    ("Expect", (["100-continue", "100-Continue"], ["x", "", "100-continue, x"])),
    ("X", (["", "a b\tc", "\u{E9}", "a:b"], ["x"])),
    ("Content-Lengt", (["1"], ["x"])), ("Hosts", (["x"], ["a b"])),
  ]

  /// Mostly generous, sometimes so small that the generated heads exceed them.
  mutating func limits() -> RequestLimits {
    guard chance(of: 4) else { return RequestLimits() }
    return RequestLimits(
      headBytesMax: number(20...160),
      targetBytesMax: number(1...40),
      fieldCountMax: number(1...6)
    )
  }

  /// One head, half of the time damaged in up to four places.
  mutating func head() -> [UInt8] {
    var text = chance(of: 20) ? "\r\n" : ""
    text += "\(value(Self.methods)) \(value(Self.targets)) \(value(Self.versions))\r\n"
    var lines = chance(of: 10) ? [] : [("Host", value(Self.hosts))]
    for _ in 0..<number(0...4) {
      let field = one(of: Self.fields)
      lines.append((field.name, value(field.values)))
    }
    if chance(of: 10), let line = lines.first { lines.append(line) }
    if chance(of: 4) { lines.shuffle(using: &generator) }
    for (name, value) in lines {
      text += "\(inAnyCase(name)):\(one(of: ["", " ", " ", " \t"]))\(value)\r\n"
    }
    text += "\r\n"
    var bytes = Array(text.utf8)
    if chance(of: 2) {
      for _ in 0..<number(1...4) { damage(&bytes) }
    }
    if chance(of: 10) { bytes += Array("GET /next".utf8) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = number(0...bytes.count - 1)
    let other = Array("\r\n \t:,/?#@%[]\0\u{7F}AaZ019.*W\"".utf8) + [0x80, 0xFF, 0x1F, 0x21]
    switch number(0...8) {
    case 0: bytes.remove(at: place)
    case 1: bytes.insert(bytes[place], at: place)
    case 2: bytes[place] = one(of: other)
    case 3: bytes.insert(one(of: other), at: place)
    case 4: bytes[place] ^= 1 << UInt8(number(0...7))
    case 5: bytes[place] ^= 0x20
    case 6: bytes.removeLast(number(0...bytes.count - 1))
    case 7: bytes.insert(one(of: [0x20, 0x09]), at: place)
    default: damageLineEnd(&bytes, from: place)
    }
  }

  /// Replaces the next CRLF by an LF, a CR, an LF and a CR, or nothing.
  private mutating func damageLineEnd(_ bytes: inout [UInt8], from start: Int) {
    guard let index = bytes[start...].firstIndex(of: .carriageReturn), index + 1 < bytes.count
    else { return }
    let replacements: [[UInt8]] = [[0x0A], [0x0D], [0x0A, 0x0D], [], [0x0D, 0x0D, 0x0A]]
    bytes.replaceSubrange(index...index + 1, with: one(of: replacements))
  }

  private mutating func inAnyCase(_ name: String) -> String {
    switch number(0...5) {
    case 0: name.lowercased()
    case 1: name.uppercased()
    default: name
    }
  }

  private mutating func value(_ choice: Choice) -> String {
    one(of: chance(of: 8) ? choice.wrong : choice.right)
  }

  private mutating func one<Element>(of elements: [Element]) -> Element {
    elements[number(0...elements.count - 1)]
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  /// True once in `count` times.
  private mutating func chance(of count: Int) -> Bool { number(1...count) == 1 }
}
