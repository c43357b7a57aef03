import Foundation

/// A received response.
struct Response: Sendable {
  let status: Int
  /// The field lines in order.
  let fields: [(name: String, value: String)]
  var body: [UInt8] = []
  /// The status codes of the informational responses before it.
  var interim: [Int] = []

  /// The values of a field, one for each of its lines.
  func values(_ name: String) -> [String] {
    fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  /// The value of a field, its lines joined; nil if it is absent.
  subscript(name: String) -> String? {
    let values = values(name)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }

  /// The members of a list field, in lower case.
  func members(_ name: String) -> [String] {
    (self[name] ?? "").lowercased().split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// Whether the server announces that it closes the connection.
  var closes: Bool { members("Connection").contains("close") }
}
