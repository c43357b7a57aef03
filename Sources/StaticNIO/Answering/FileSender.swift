#if NIO
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  /// Sends a body with pieces from a file, each after the client has taken the previous one.
  ///
  /// If the file changes meanwhile, the connection is closed before the last byte, so that no
  /// client takes a mixture of two contents for the file. Confined to the event loop of its
  /// channel. Closing the channel fails the pending write, which ends this object and releases the
  /// file.
  final class FileSender<Parts: MessageParts> {
    private let sender: ResponseSender<Parts>
    private let persistence: Persistence
    private let file: BodyFile
    /// The handle for file regions; nil when regions are not used.
    private let handle: NIOFileHandle?
    private var pieces: ArraySlice<PreparedResponse<Parts>.Piece>
    /// The unsent part of the current piece, as offsets in the file.
    private var rest: Range<Int64> = 0..<0
    private var chunk = FileChunk()
    /// Whether a region is being sent.
    private var isSendingRegion = false
    private var watch: RepeatedTask?

    init(_ sender: ResponseSender<Parts>, _ answer: Answer<Parts>, _ file: BodyFile) {
      self.sender = sender
      self.file = file
      persistence = answer.persistence
      pieces = answer.response.body[...]
      // The initializer for borrowed descriptors, without a deprecation warning. Regions require a
      // handle.
      handle =
        sender.sendsRegions
        ? NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor) : nil
    }

    deinit {
      // Has no effect after `release`. A loop that is shut down may destroy this object before
      // `release`.
      _ = try? handle?.takeDescriptorOwnership()
    }

    /// Sends the remaining pieces, then the end.
    func sendNext() {
      while true {
        while rest.isEmpty, let piece = pieces.popFirst() {
          switch piece {
          case .buffer(let buffer): sender.write(Parts.part(buffer))
          case .file(let range): rest = range
          }
        }
        guard !rest.isEmpty else {
          release()
          sender.finish(persistence)
          return
        }
        guard let handle else {
          sendChunk()
          return
        }
        guard rest.count == 1 else {
          sendRegion(of: handle)
          return
        }
        guard sendLastByte() else {
          fail()
          return
        }
      }
    }

    // MARK: - Chunks

    private func sendChunk() {
      let range = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + FileChunk.byteCount)
      switch chunk.readCached(file, range) {
      case .whole(let buffer): send(buffer, range)
      case .changed: fail()
      case .notCached: readChunk(range)
      }
    }

    /// Reads a chunk on a thread that may wait for the disk, and sends it.
    private func readChunk(_ range: Range<Int64>) {
      let (file, chunk) = (file, chunk)
      self.chunk = FileChunk()
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      NIOThreadPool.singleton.runIfActive(eventLoop: sender.context.eventLoop) {
        var chunk = chunk
        let buffer = try chunk.read(file, range)
        return (chunk, buffer)
      }.whenComplete { result in
        let sender = bound.value
        guard case .success(let (chunk, buffer)) = result else {
          sender.fail()
          return
        }
        sender.chunk = chunk
        sender.send(buffer, range)
      }
    }

    private func send(_ buffer: ByteBuffer, _ range: Range<Int64>) {
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      sender.writeAndFlush(Parts.part(buffer)).whenComplete { result in
        bound.value.advance(to: range.upperBound, result)
      }
    }

    // MARK: - Regions

    /// Sends all but the last byte of the piece, at most 2 MiB, so that other connections get their
    /// turn.
    private func sendRegion(of handle: NIOFileHandle) {
      let end = min(rest.upperBound - 1, rest.lowerBound + (2 << 20))
      // If the file is shorter than the region, NIO would retry sendfile(2) forever.
      guard isUnchanged else {
        fail()
        return
      }
      let region = FileRegion(
        fileHandle: handle,
        readerIndex: Int(rest.lowerBound),
        endIndex: Int(end)
      )
      guard let part = Parts.part(region) else {
        preconditionFailure("these parts have no regions")
      }
      isSendingRegion = true
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      sender.writeAndFlush(part).whenComplete { result in bound.value.advance(to: end, result) }
      if isSendingRegion, watch == nil { startWatch() }
    }

    /// Sends the last byte of the piece, read after all others have been sent; returns false if the
    /// file has changed by then.
    private func sendLastByte() -> Bool {
      // It is in the page cache, because its page has just been sent.
      guard let buffer = try? chunk.read(file, rest) else { return false }
      sender.write(Parts.part(buffer))
      rest = rest.upperBound..<rest.upperBound
      return true
    }

    /// Closes the connection when the file changes while a client takes long for a region: a region
    /// beyond the end of a truncated file would never complete.
    private func startWatch() {
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      watch = sender.context.eventLoop.scheduleRepeatedTask(
        initialDelay: .milliseconds(200),
        delay: .milliseconds(200)
      ) { _ in
        let sender = bound.value
        if sender.isSendingRegion, !sender.isUnchanged {
          // The pending write fails with the connection, which calls `advance`.
          sender.sender.context.close(promise: nil)
        }
      }
    }

    private var isUnchanged: Bool { (try? file.checkVersion()) != nil }

    // MARK: - The end

    private func advance(to offset: Int64, _ result: Result<Void, any Error>) {
      isSendingRegion = false
      guard case .success = result else {
        fail()
        return
      }
      rest = offset..<rest.upperBound
      guard !rest.isEmpty || !pieces.isEmpty else {
        sendNext()
        return
      }
      // Not called directly: writes that complete at once would recurse once per region.
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      sender.context.eventLoop.execute { bound.value.sendNext() }
    }

    /// Gives up: fewer bytes were sent than the head announced, which only the end of the
    /// connection, or of the stream, can signal.
    private func fail() {
      release()
      sender.context.close(promise: nil)
    }

    /// Takes the descriptor back from the handle, which must not close it: the file owns it.
    private func release() {
      watch?.cancel()
      watch = nil
      _ = try? handle?.takeDescriptorOwnership()
    }
  }
#endif
