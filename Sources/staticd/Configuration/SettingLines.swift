/// Where the keys of a table stand in a TOML document that has been read without error.
///
/// The library that reads TOML tells where errors are, and not where values are.
struct SettingLines {
  private var lines: [String: Int] = [:]
  private let first: Int

  /// - Parameters:
  ///   - text: the document.
  ///   - table: the table's name with dots; empty for the top of the document.
  init(_ text: String, table: String) {
    var current = ""
    var tableLine = 1
    // A carriage return and a line feed are one character.
    let isEnd = { (character: Character) in character == "\n" || character == "\r\n" }
    let rows = text.split(omittingEmptySubsequences: false, whereSeparator: isEnd)
    for (number, line) in rows.enumerated() {
      let line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("[") {
        guard let end = line.firstIndex(of: "]") else { continue }
        current = Self.key(line[line.index(after: line.startIndex)..<end])
        if current == table { tableLine = number + 1 }
        if lines[current] == nil { lines[current] = number + 1 }
      } else if let end = line.firstIndex(of: "="), !line.hasPrefix("#") {
        let key = (current.isEmpty ? "" : current + ".") + Self.key(line[..<end])
        if lines[key] == nil { lines[key] = number + 1 }
      }
    }
    first = tableLine
    if !table.isEmpty {
      let prefix = table + "."
      lines = Dictionary(
        uniqueKeysWithValues: lines.compactMap { key, line in
          key.hasPrefix(prefix) ? (String(key.dropFirst(prefix.count)), line) : nil
        }
      )
    }
  }

  /// The line of a key, from 1; that of its table when it is written in an unusual way.
  func line(of key: String) -> Int {
    lines[key] ?? lines.filter { $0.key.hasPrefix(key + ".") }.map(\.value).min() ?? first
  }

  /// A key with dots but without quotes and the spaces around its parts.
  private static func key(_ text: Substring) -> String {
    text.split(separator: ".", omittingEmptySubsequences: false).map { part in
      let part = part.drop(while: \.isWhitespace)
      let end = part.lastIndex { !$0.isWhitespace }.map { part.index(after: $0) } ?? part.startIndex
      return String(part[..<end].filter { $0 != "\"" && $0 != "'" })
    }.joined(separator: ".")
  }
}
