/// A value of TOML 1.0.0.
///
/// Fractions and times, which no option takes, are checked but not stored.
enum TOMLValue {
  case text(String)
  case number(Int64)
  case fraction
  case boolean(Bool)
  case time
  case array([TOMLValue])
  case table(TOMLTable)
}

/// A table of a document.
final class TOMLTable {
  /// How a table was defined, which decides what may be added to it.
  enum Origin {
    /// By the header of a table inside it: its own header may follow.
    case path
    /// By its own header, `[a]` or `[[a]]`.
    case header
    /// By dotted keys.
    case dottedKey
    /// As an inline table, `{a = 1}`: it is complete.
    case value
  }

  struct Entry {
    var value: TOMLValue
    /// The line that first named the key, from 1.
    let line: Int
    /// Whether it is an array of tables, to which `[[a]]` appends.
    var hasHeaders = false
  }

  var origin: Origin
  private(set) var entries: [String: Entry] = [:]

  init(_ origin: Origin) { self.origin = origin }

  /// The table at `key`, if there is one.
  func table(_ key: String) -> TOMLTable? {
    guard case .table(let table)? = entries[key]?.value else { return nil }
    return table
  }

  /// Adds the value of a pair `a.b.key = value`.
  func add(_ value: TOMLValue, _ path: [String], line: Int) throws(TOMLError) {
    var table = self
    for key in path.dropLast() {
      guard let entry = table.entries[key] else {
        table = table.addTable(key, .dottedKey, line)
        continue
      }
      guard case .table(let next) = entry.value, next.origin == .path || next.origin == .dottedKey
      else { throw TOMLError(line, "'\(key)' is complete; its keys cannot be added to") }
      next.origin = .dottedKey
      table = next
    }
    let key = path[path.count - 1]
    guard table.entries[key] == nil else { throw TOMLError(line, "'\(key)' is there twice") }
    table.entries[key] = Entry(value: value, line: line)
  }

  /// The table that the header `[a.b.key]` begins, or `[[a.b.key]]` if `isElement`.
  func begin(_ path: [String], isElement: Bool, line: Int) throws(TOMLError) -> TOMLTable {
    var table = self
    for key in path.dropLast() {
      switch table.entries[key]?.value {
      case nil: table = table.addTable(key, .path, line)
      case .table(let next)? where next.origin != .value: table = next
      case .array(let elements)? where table.entries[key]?.hasHeaders == true:
        guard case .table(let next)? = elements.last else { fallthrough }
        table = next
      default: throw TOMLError(line, "'\(key)' is complete; no table can be added to it")
      }
    }
    let key = path[path.count - 1]
    return try isElement ? table.append(key, line) : table.define(key, line)
  }

  private func define(_ key: String, _ line: Int) throws(TOMLError) -> TOMLTable {
    guard let entry = entries[key] else { return addTable(key, .header, line) }
    guard case .table(let table) = entry.value, table.origin == .path else {
      throw TOMLError(line, "'\(key)' is there twice")
    }
    table.origin = .header
    return table
  }

  private func append(_ key: String, _ line: Int) throws(TOMLError) -> TOMLTable {
    let table = TOMLTable(.header)
    guard let entry = entries[key] else {
      entries[key] = Entry(value: .array([.table(table)]), line: line, hasHeaders: true)
      return table
    }
    guard entry.hasHeaders, case .array(let elements) = entry.value else {
      throw TOMLError(line, "'\(key)' is there already, and no array of tables")
    }
    entries[key]?.value = .array(elements + [.table(table)])
    return table
  }

  private func addTable(_ key: String, _ origin: Origin, _ line: Int) -> TOMLTable {
    let table = TOMLTable(origin)
    entries[key] = Entry(value: .table(table), line: line)
    return table
  }
}

/// The first error in a document.
struct TOMLError: Error {
  /// From 1.
  let line: Int
  let reason: String

  init(_ line: Int, _ reason: String) {
    self.line = line
    self.reason = reason
  }
}
