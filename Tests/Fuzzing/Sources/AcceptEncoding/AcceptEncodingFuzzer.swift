import FuzzSupport

@testable import StaticAssets

/// `Accept-Encoding`, each line of the input a field line: the weights are in range, and equal
/// those of a naive parser.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    var wishes = AcceptEncoding()
    var naive = NaiveWishes()
    for line in bytes.array.split(separator: 0x0A) {
      let line = Array(line)
      wishes.add(line.span, 0..<line.count)
      naive.add(line.latin1)
    }
    for coding in ContentCoding.allCases {
      let weight = wishes.weight(of: coding)
      check((0...1000).contains(weight), "\(coding): \(weight)")
      let expected = naive.weight(of: coding.token.description)
      check(Int(weight) == expected, "\(coding): \(weight), naively \(expected)")
    }
  }
}

/// RFC 9110 §12.5.3, implemented naively.
private struct NaiveWishes {
  private var weights: [String: Int] = [:]

  mutating func add(_ value: [Character]) {
    for item in value.split(separator: ",") {
      let parts = item.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(trimmed(parts[0])).lowercased()
      guard name.allSatisfy(isTokenCharacter) else { continue }
      var weight = 1000
      if parts.count == 2 {
        guard let quality = quality(trimmed(parts[1])) else { continue }
        weight = quality
      } else if name.isEmpty {
        continue
      }
      weights[name == "x-gzip" ? "gzip" : name] = weight
    }
  }

  func weight(of coding: String) -> Int {
    // A client with a dictionary names the coding explicitly (RFC 9842 §6.1).
    if coding == "dcz" { return weights[coding] ?? 0 }
    return weights[coding] ?? weights["*"] ?? (coding == "identity" ? 1 : 0)
  }

  private func quality(_ text: ArraySlice<Character>) -> Int? {
    guard text.count >= 3, String(text.prefix(2)).lowercased() == "q=" else { return nil }
    let number = text.dropFirst(2)
    let fraction = number.dropFirst(2)
    guard number.first == "0" || number.first == "1",
      number.count == 1 || number.dropFirst().first == ".",
      fraction.count <= 3, fraction.allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    let thousandths = Int(String(fraction).padding(to: 3)) ?? 0
    let value = (number.first == "1" ? 1000 : 0) + thousandths
    return value <= 1000 ? value : nil
  }

  private func trimmed(_ text: ArraySlice<Character>) -> ArraySlice<Character> {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }

  private func isTokenCharacter(_ character: Character) -> Bool {
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".contains(character)
  }
}

extension String {
  fileprivate func padding(to count: Int) -> String {
    self + String(repeating: "0", count: Swift.max(0, count - self.count))
  }
}
