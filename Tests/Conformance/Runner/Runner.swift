import Foundation

/// The result of a row.
public enum Outcome: Sendable {
  case passed
  /// The server lacks the subject of the row, for example an entity tag.
  case notApplicable
  /// One sentence for each mismatch.
  case failed([String])

  var isFailure: Bool { if case .failed = self { true } else { false } }
}

/// Runs rows against one server.
public struct Runner: Sendable {
  private let endpoint: Endpoint
  private let facts: ServerFacts

  /// Requests the server's validators.
  ///
  /// - Throws: if there is no server, or it does not serve the fixtures.
  public init(_ endpoint: Endpoint) throws {
    self.endpoint = endpoint
    facts = try ServerFacts(endpoint)
  }

  /// Runs one row on its own connection; blocks.
  public func run(_ row: Row) -> Outcome {
    guard row.needs.allSatisfy({ facts.values[$0] != nil }) else { return .notApplicable }
    let messages = row.exchanges.map { $0.request.pieces.compactMap(facts.fill) }
    guard zip(messages, row.exchanges).allSatisfy({ $0.count == $1.request.pieces.count }) else {
      return .notApplicable
    }
    do {
      let connection = try Connection(endpoint)
      let failures = try run(row, messages, connection, ResponseReader(connection))
      return failures.isEmpty ? .passed : .failed(failures)
    } catch {
      return .failed(["\(error)"])
    }
  }

  private func run(
    _ row: Row,
    _ messages: [[[UInt8]]],
    _ connection: Connection,
    _ reader: ResponseReader
  ) throws -> [String] {
    if row.sending != .inTurn { send(messages.flatMap { $0 }, connection) }
    if row.sending == .halfClosed { connection.finish() }
    var responses: [Response] = []
    var failures: [String] = []
    for (exchange, pieces) in zip(row.exchanges, messages) {
      if row.sending == .inTurn { send(pieces, connection) }
      guard exchange.answer != .none else { continue }
      guard let response = try reader.next(isHead: exchange.request.isHead) else {
        // A server may close any connection if it announces it.
        let isAnnounced = row.ending == .any && responses.last?.closes ?? false
        if exchange.answer == .required, !isAnnounced {
          failures.append("the connection ends, no response")
        }
        return failures
      }
      let check = ResponseCheck(response, earlier: responses, facts)
      failures += exchange.expectations.flatMap(check.failures)
      responses.append(response)
    }
    // After a wrong response, the state of the connection is not significant.
    guard failures.isEmpty else { return failures }
    try checkEnding(row, responses.last, connection, reader)
    return []
  }

  private func send(_ pieces: some Sequence<[UInt8]>, _ connection: Connection) {
    for (index, piece) in pieces.enumerated() {
      // Usually long enough for the server to read the previous piece separately; the response must
      // be the same if it does not.
      if index > 0 { usleep(2000) }
      connection.send(piece)
    }
  }

  private func checkEnding(
    _ row: Row,
    _ last: Response?,
    _ connection: Connection,
    _ reader: ResponseReader
  ) throws {
    let isClosing = last?.closes ?? false
    switch row.ending {
    case .closed: try reader.expectEnd()
    case .any where isClosing: try reader.expectEnd()
    case .open where isClosing: throw Violation("the response says that the connection closes")
    case .any, .open:
      connection.send(facts.fill("GET {prefix}one.bin HTTP/1.1\r\nHost: {host}\r\n\r\n") ?? [])
      guard let response = try reader.next(isHead: false) else {
        if row.ending == .open { throw Violation("the connection is closed") }
        return
      }
      guard response.status == 200, response.body == FixtureTree.file("one.bin").content else {
        throw Violation("the next request is answered with \(response.status)")
      }
    }
  }
}
