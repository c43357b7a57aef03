/// A response whose stored file is open: its head can be sent, because opening can no longer fail.
public struct OpenedResponse: Sendable {
  /// The response; it differs from the argument of `open` if the file has changed since the table
  /// was built.
  public let response: PlainResponse
  /// The open file; nil when the body is in memory.
  public let file: BodyFile?
  /// The table of `BodyPiece.memory`.
  public let table: FileTable
}

extension FileTable {
  /// `response` with its stored file, if no call that may block is needed.
  ///
  /// - Precondition: `response` is of this table; the number of its stored file has no meaning in
  ///   another one.
  /// - Parameter response: the response.
  /// - Returns: nil if the table does not keep the file open, or the file has changed since the
  ///   table was built: call `open(_:to:)` then.
  public func openKept(_ response: PlainResponse) -> OpenedResponse? {
    guard let number = response.fileNumber else {
      return OpenedResponse(response: response, file: nil, table: self)
    }
    guard storedFiles[number].descriptor >= 0, let file = try? openBody(number) else { return nil }
    return OpenedResponse(response: response, file: file, table: self)
  }

  /// Opens the stored file of `response`, which is this table's response to `request`.
  ///
  /// If the file has changed since the table was built, the result is a response with the current
  /// file: with an entity tag of its size and times, and without a cache lifetime that was derived
  /// from the previous content. Its status may differ, because the preconditions of `request` apply
  /// to the new content.
  ///
  /// Blocks unless the table keeps the file open.
  ///
  /// - Precondition: `response` is of this table; the number of its stored file has no meaning in
  ///   another one.
  /// - Throws: `FileError` if the file does not exist any more or cannot be opened. Send 500 then.
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
