import Testing

@testable import StaticServer

/// The grammar of RFC 7239, well formed and malformed.
@Suite struct ForwardedElementsTests {
  @Test(
    "elements as for, host, proto",
    arguments: [
      ("for=192.0.2.60;proto=http;by=203.0.113.43", ["192.0.2.60||http"]),
      ("for=192.0.2.43, for=198.51.100.17", ["192.0.2.43||", "198.51.100.17||"]),
      ("For=\"[2001:db8:cafe::17]:4711\"", ["[2001:db8:cafe::17]:4711||"]),
      ("for=[2001:db8::1]:80", ["[2001:db8::1]:80||"]), ("for=\"_gazonk\"", ["_gazonk||"]),
      ("HOST=\"a.b:81\";PROTO=https", ["|a.b:81|https"]), ("secret=x", ["||"]),
      (" for=a ; proto=b ,\tfor=c ", ["a||b", "c||"]), (",,for=a,;,", ["a||"]), ("", []),
      (";", []), ("for=;host=", ["||"]), ("for=\"a,b;c\";host=d", ["a,b;c|d|"]),
      ("ext=\"a, for=b\"", ["||"]),
    ]
  )
  func wellFormed(text: String, expected: [String]) {
    let (elements, isMalformed) = Self.read(text)
    #expect(elements == expected)
    #expect(!isMalformed)
  }

  @Test(
    "malformed values",
    arguments: [
      "for=\"a", "for=a\"b", "for=\"a\"b", "for=\"a\\\"b\"", "for=a;for=b", "host=a;Host=b", "for",
      "for:a", "=a", "for=a b", "a, for=b", "for=a, \"", "for =a", "f\u{e9}r=a", "for=a;\"b\"",
    ]
  )
  func malformed(text: String) {
    #expect(Self.read(text).isMalformed)
  }

  private static func read(_ text: String) -> (elements: [String], isMalformed: Bool) {
    let bytes = Array(text.utf8)
    func part(_ range: Range<Int>?) -> String {
      range.map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""
    }
    var elements = ForwardedElements(0..<bytes.count)
    var read: [String] = []
    while let element = elements.next(bytes.span) {
      read.append("\(part(element.node))|\(part(element.host))|\(part(element.scheme))")
    }
    return (read, elements.isMalformed)
  }
}
