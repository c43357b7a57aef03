/// Representations that are compressed with a dictionary that the client has.
///
/// Source: RFC 9842.
extension FileTable {
  /// The choice among the deltas of a file for one request.
  enum DeltaChoice: Equatable {
    /// The representation at this index is sent.
    case chosen(Int)
    /// The client offers no dictionary.
    case notOffered
    /// The field is not one byte sequence of 32 bytes.
    case malformed
    /// There is no delta from the offered dictionary.
    case unknownDictionary
    /// `Accept-Encoding` does not list `dcz`, or prefers another coding of the file.
    case notAccepted
    /// The fetch metadata do not allow it: the page may not be able to read the response.
    case crossOrigin
  }

  /// The index of the delta to send; nil when one of the other representations is to be sent.
  ///
  /// Not inlined: only requests with `Available-Dictionary` come here.
  @inline(never)
  func delta(of entry: FileEntry, _ head: RequestHead, _ bytes: Span<UInt8>) -> Int? {
    guard case .chosen(let index) = deltaChoice(of: entry, head, bytes) else { return nil }
    return index
  }

  /// The choice among the deltas of `entry`.
  func deltaChoice(
    of entry: FileEntry,
    _ head: RequestHead,
    _ bytes: Span<UInt8>
  ) -> DeltaChoice {
    guard head.present.contains(.availableDictionary) else { return .notOffered }
    // Several lines do not form one byte sequence (RFC 9651 §4.2).
    guard !head.repeated.contains(.availableDictionary),
      let digest = AvailableDictionary.parse(bytes, head.availableDictionary.range)
    else { return .malformed }
    guard let index = delta(of: entry, from: digest) else { return .unknownDictionary }
    guard prefersDeltas(head, bytes, to: entry) else { return .notAccepted }
    let isAllowed = arena.withSpan(allowedOrigin(of: entry)) { origin in
      FetchMetadata.allowsDictionary(head, in: bytes, allowedOrigin: origin)
    }
    return isAllowed ? .chosen(index) : .crossOrigin
  }

  /// The indices of the deltas of `entry`, behind its other representations.
  func deltas(of entry: FileEntry) -> Range<Int> {
    let first = Int(entry.firstRepresentation) + Int(entry.representationCount)
    return first..<first + Int(entry.deltaCount)
  }

  private func delta(of entry: FileEntry, from digest: InlineArray<32, UInt8>) -> Int? {
    for index in deltas(of: entry)
    where arena.equals(representations[index].dictionary, digest.span, 0..<digest.count) {
      return index
    }
    return nil
  }

  /// Whether the client accepts deltas, with at least the weight of every other representation.
  private func prefersDeltas(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    to entry: FileEntry
  ) -> Bool {
    let preferences = acceptEncoding(head, bytes)
    let weight = preferences.weight(of: .dictionaryZstandard)
    guard weight > 0 else { return false }
    let first = Int(entry.firstRepresentation)
    for index in first..<first + Int(entry.representationCount)
    where preferences.weight(of: representations[index].coding) > weight {
      return false
    }
    return true
  }

  /// The origin that may read `entry`; empty for none.
  private func allowedOrigin(of entry: FileEntry) -> ByteSlice {
    entry.preflight < 0 ? .none : allowedOrigins[Int(entry.preflight)]
  }
}
