internal import StaticAssets
internal import Synchronization

/// The content of a request that its handler reads while it is received.
///
/// The loop appends, the task takes. Above a limit the loop does not read from the client, so a
/// slow handler slows down the client.
extension HandlerCall {
  /// The state of the content.
  struct Upload {
    /// The reason why no more content follows.
    enum End {
      /// All content was received.
      case complete
      /// The response is complete, and the rest of the content was not read.
      case unread
      /// The client has left, the content is malformed or too large, or the server stops.
      case cancelled
    }

    /// The limit of bytes that wait for the task.
    static let waitingBytesMax = 65536

    fileprivate var pieces: [[UInt8]] = []
    fileprivate var waitingCount = 0
    fileprivate var end: End?
    /// Whether the loop must not receive more content.
    fileprivate var isFull = false
    /// Whether the task has requested content.
    fileprivate var isWanted = false
    fileprivate var reader: CheckedContinuation<Void, Never>?
  }

  /// Whether the loop must not receive more; it is notified when it may.
  func uploadIsFull() -> Bool {
    upload.withLock { upload in
      upload.isFull = upload.waitingCount >= Upload.waitingBytesMax
      return upload.isFull
    }
  }

  /// Whether the task has requested content.
  var uploadIsWanted: Bool { upload.withLock { $0.isWanted } }

  /// Appends content; ownership of the array passes to the task.
  func appendUpload(_ bytes: [UInt8]) {
    let reader = upload.withLock { upload in
      guard upload.end == nil else { return nil as CheckedContinuation<Void, Never>? }
      upload.pieces.append(bytes)
      upload.waitingCount += bytes.count
      return upload.reader.take()
    }
    reader?.resume()
  }

  /// Records that no more content follows; the first reason is kept.
  func endUpload(_ end: Upload.End) {
    let reader = upload.withLock { upload in
      if upload.end == nil { upload.end = end }
      if end != .complete { upload.pieces = [] }
      return upload.reader.take()
    }
    reader?.resume()
  }

  /// The next piece of content; nil at the end.
  ///
  /// - Throws: `CancellationError` if the content is incomplete or the task is cancelled.
  func nextUpload() async throws(CancellationError) -> [UInt8]? {
    while true {
      let (piece, end, asks) = upload.withLock { upload in takePiece(&upload) }
      if asks { takeLater() }
      if let piece { return piece }
      switch end {
      case .complete?: return nil
      case .cancelled?, .unread?: throw CancellationError()
      case nil: break
      }
      guard !Task.isCancelled else { throw CancellationError() }
      await withTaskCancellationHandler {
        await withCheckedContinuation { reader in
          let waits = upload.withLock { upload in
            guard upload.pieces.isEmpty, upload.end == nil, !Task.isCancelled else { return false }
            // Only one task waits; an earlier one must check again.
            upload.reader?.resume()
            upload.reader = reader
            return true
          }
          if !waits { reader.resume() }
        }
      } onCancel: {
        upload.withLock { $0.reader.take() }?.resume()
      }
    }
  }

  /// Takes a piece; the last value is whether the loop must be notified.
  private func takePiece(_ upload: inout Upload) -> ([UInt8]?, Upload.End?, Bool) {
    let isFirst = !upload.isWanted
    upload.isWanted = true
    guard !upload.pieces.isEmpty else { return (nil, upload.end, isFirst) }
    let piece = upload.pieces.removeFirst()
    upload.waitingCount -= piece.count
    let hasRoom = upload.isFull && upload.waitingCount <= Upload.waitingBytesMax / 2
    if hasRoom { upload.isFull = false }
    return (piece, nil, isFirst || hasRoom)
  }
}
