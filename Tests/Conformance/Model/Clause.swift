/// The sentence of a standard that a row checks.
public struct Clause: Sendable, CustomStringConvertible {
  /// The number of the RFC.
  public let document: Int
  /// The section as it is numbered, for example `13.2.2`.
  public let section: String
  /// A summary of the requirement.
  public let requirement: String

  public var description: String { "RFC \(document) §\(section): \(requirement)" }

  /// The document and its chapter, for example `RFC 9110 §13`.
  public var chapter: String { "RFC \(document) §\(section.prefix { $0 != "." })" }

  /// A clause of HTTP Semantics.
  static func rfc9110(_ section: String, _ requirement: String) -> Clause {
    Clause(document: 9110, section: section, requirement: requirement)
  }

  /// A clause of HTTP/1.1.
  static func rfc9112(_ section: String, _ requirement: String) -> Clause {
    Clause(document: 9112, section: section, requirement: requirement)
  }
}

/// How much a row binds a server.
public enum Level: String, Sendable, CaseIterable {
  /// The RFC requires it; where it allows several behaviours, any of them passes.
  case must = "MUST"
  /// The RFC recommends it.
  case should = "SHOULD"
  /// The RFC allows it, and staticd promises it.
  case promise = "promise"
}
