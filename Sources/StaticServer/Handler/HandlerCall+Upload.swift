internal import StaticAssets
internal import Synchronization

/// The content of a request that its handler reads while it comes.
///
/// The loop appends, the task takes. Above a limit the loop does not read from the client, so that a
/// handler that is slow slows the client down.
extension HandlerCall {
  /// The state of the content.
  struct Upload {
    /// Why no more content comes.
    enum End {
      /// All of it has come.
      case complete
      /// The response is complete, and the rest of the content was not asked for.
      case unread
      /// The client has left, the content is malformed or too large, or the server ends.
      case cancelled
    }

    /// The limit of bytes that wait for the task.
    static let waitingBytesMax = 65536

    fileprivate var pieces: [[UInt8]] = []
    fileprivate var waitingCount = 0
    fileprivate var end: End?
    /// Whether the loop has found that it must not read on.
    fileprivate var isFull = false
    /// Whether the task has asked for content.
    fileprivate var isWanted = false
    fileprivate var reader: CheckedContinuation<Void, Never>?
  }

  /// Whether the loop must not receive more; it is told when it may.
  func uploadIsFull() -> Bool {
    upload.withLock { upload in
      upload.isFull = upload.waitingCount >= Upload.waitingBytesMax
      return upload.isFull
    }
  }

  /// Whether the task has asked for content.
  var uploadIsWanted: Bool { upload.withLock { $0.isWanted } }

  /// Appends content; the array is the task's from now on.
  func appendUpload(_ bytes: [UInt8]) {
    let reader = upload.withLock { upload in
      guard upload.end == nil else { return nil as CheckedContinuation<Void, Never>? }
      upload.pieces.append(bytes)
      upload.waitingCount += bytes.count
      return upload.reader.take()
    }
    reader?.resume()
  }

  /// Records that no more content comes; the first reason counts.
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
  /// - Throws: `CancellationError` if the content does not come whole or the task is cancelled.
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
            // One task reads; a second one has to look again.
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

  /// Takes a piece; the last value is whether the loop must be told.
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
