/// The reason why a Django project could not be introspected.
public struct DjangoError: Error, Sendable, CustomStringConvertible {
  /// One line for each reason: what is wrong and the remedy.
  public let lines: [String]
  /// Python's traceback and the project's output; may be empty.
  public let details: String
  /// Whether a system call failed, not the project.
  public let isSystem: Bool

  /// The lines.
  public var description: String { lines.joined(separator: "\n") }

  init(_ lines: [String], details: String = "", isSystem: Bool = false) {
    self.lines = lines
    self.details = details
    self.isSystem = isSystem
  }
}
