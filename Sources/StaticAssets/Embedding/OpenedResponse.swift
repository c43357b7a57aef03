/// A response whose stored file is open, so that its head can be sent.
public struct OpenedResponse: Sendable {
  /// The response; not that which was opened if its file has changed since the table was built.
  public let response: PlainResponse
  /// The open file; nil when the body is in memory.
  public let file: BodyFile?
  /// The table of `BodyPiece.memory`.
  public let table: FileTable
}

extension FileTable {
  /// `response` with its stored file, if that takes no call that may block.
  ///
  /// - Parameter response: a response of this table.
  /// - Returns: nil if the table does not keep the file open, or the file has changed since the table was
  ///   built: `open(_:to:)` opens it or answers anew.
  public func openKept(_ response: PlainResponse) -> OpenedResponse? {
    guard let number = response.fileNumber else {
      return OpenedResponse(response: response, file: nil, table: self)
    }
    guard storedFiles[number].descriptor >= 0, let file = try? openBody(number) else { return nil }
    return OpenedResponse(response: response, file: file, table: self)
  }

  /// Opens the stored file of `response`, which is this table's response to `request`.
  ///
  /// If the file has changed since the table was built, the result is a response with the file as it is
  /// now: without a lifetime in caches that belongs to the content before, and with an entity tag of size
  /// and times. It may have another status, for the conditions of `request` are about the new content.
  ///
  /// Blocks unless the table keeps the file open.
  ///
  /// - Throws: `FileError` if there is no such file any more or it cannot be opened. Send 500 then.
  public func open(
    _ response: PlainResponse,
    to request: ParsedRequest
  ) throws(FileError) -> OpenedResponse {
    guard let number = response.fileNumber else {
      return OpenedResponse(response: response, file: nil, table: self)
    }
    do throws(FileError) {
      return OpenedResponse(response: response, file: try openBody(number), table: self)
    } catch {
      guard error.isOfChangedFile else { throw error }
    }
    let changed = try tableOfChangedFile(number, response.coding)
    let plan = changed.planLive(for: request.head, in: request.bytes.span)
    let answer = PlainResponse(plan, of: changed, to: request)
    let file = answer.fileNumber == nil ? nil : try changed.openBody(0)
    return OpenedResponse(response: answer, file: file, table: changed)
  }
}
