/// Why a Django project gave no answer.
public struct DjangoError: Error, Sendable, CustomStringConvertible {
  /// One line for each reason: what is wrong, and what to do.
  public let lines: [String]
  /// Python's traceback and what the project printed; may be empty.
  public let details: String
  /// Whether the system failed, not the project.
  public let isSystem: Bool

  /// The lines.
  public var description: String { lines.joined(separator: "\n") }

  init(_ lines: [String], details: String = "", isSystem: Bool = false) {
    self.lines = lines
    self.details = details
    self.isSystem = isSystem
  }
}
