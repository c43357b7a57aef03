/// A test of one clause: requests on one connection and the required responses.
public struct Row: Sendable, CustomStringConvertible {
  /// Unique among all rows.
  public let name: String
  public let clause: Clause
  public let level: Level
  /// Facts about the server without which the row does not apply.
  let needs: [String]
  let sending: Sending
  let exchanges: [Exchange]
  let ending: Ending

  public var description: String { "\(name) [\(level.rawValue), \(clause)]" }

  /// When the requests are sent.
  enum Sending: Sendable {
    /// Each after the response to the previous one.
    case inTurn
    /// All at once.
    case pipelined
    /// All at once, then the client's side of the connection is shut down.
    case halfClosed
  }

  /// The state of the connection after the last response.
  enum Ending: Sendable {
    /// Closed, or usable for another request; closed if the response announces it.
    case any
    /// Usable for another request.
    case open
    /// Closed, without another byte.
    case closed
  }

  init(
    _ name: String,
    _ clause: Clause,
    _ level: Level,
    needs: [String] = [],
    _ exchanges: Exchange...,
    sending: Sending = .inTurn,
    ending: Ending = .any
  ) {
    self.init(name, clause, level, needs: needs, exchanges, sending: sending, ending: ending)
  }

  init(
    _ name: String,
    _ clause: Clause,
    _ level: Level,
    needs: [String] = [],
    _ exchanges: [Exchange],
    sending: Sending = .inTurn,
    ending: Ending = .any
  ) {
    self.name = name
    self.clause = clause
    self.level = level
    self.needs = needs
    self.exchanges = exchanges
    self.sending = sending
    self.ending = ending
  }
}

extension Row {
  /// Every row, in the order of the documents.
  public static let all: [Row] =
    representationRows + validatorRows + methodRows + expectRows + codingChoiceRows
    + weightRows + varyRows + matchRows + noneMatchRows + dateConditionRows + ifRangeRows
    + precedenceRows + singleRangeRows + unusableRangeRows + multipleRangeRows + rangeFieldRows
    + statusRows + cachingRows + messageRows + requestLineRows + targetRows + pathRows
    + hostRows + fieldRows + lengthRows + chunkedRows + persistenceRows + pipeliningRows
}
