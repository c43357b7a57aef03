/// Requests with preconditions or a range, and entries that are not files.
extension FileTable {
  /// The response to a GET or HEAD for the representation at `index` of `entry`.
  ///
  /// Not inlined: the unconditional case then needs only one test.
  @inline(never)
  func planConditional(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    _ entry: FileEntry,
    _ index: Int
  ) -> ResponsePlan {
    switch entry.kind {
    case .file: break
    case .redirect: return redirect(.found, head, representations[index])
    case .cleanRedirect: return redirect(.permanentRedirect, head, representations[index])
    case .absent: return fixed.notFound.answering(head.method)
    }
    let representation = representations[index]
    let outcome = arena.withSpan(representation.entityTag) { tag in
      Preconditions.evaluate(
        head,
        in: bytes,
        entityTag: tag,
        modified: entry.modified,
        isOnlyRepresentation: entry.representationCount == 1 && entry.deltaCount == 0
      )
    }
    switch outcome {
    case .failed:
      return fixed.preconditionFailed.answering(head.method)
    case .notModified:
      return ResponsePlan(
        status: .notModified,
        head: representation.notModifiedHead,
        body: .none,
        coding: representation.coding
      )
    case .whole:
      return whole(representation).answering(head.method)
    case .range:
      let range = ByteRange(bytes, head.range.range, size: representation.byteCount)
      return plan(range, index)
    }
  }

  private func whole(_ representation: Representation) -> ResponsePlan {
    ResponsePlan(
      status: .ok,
      head: representation.okHead,
      body: representation.body,
      coding: representation.coding,
      savedByteCount: representation.savedByteCount,
      deltaSavedByteCount: representation.deltaSavedByteCount
    )
  }

  /// The maximum length of a query that a redirect repeats in `Location`, in bytes; the head must
  /// fit a buffer.
  ///
  /// A longer query is possible only if the limit on targets was raised. It is left out.
  private static let queryByteCountMax = 16384

  /// The redirect of `representation`, with the query of the request.
  private func redirect(
    _ status: ResponseStatus,
    _ head: RequestHead,
    _ representation: Representation
  ) -> ResponsePlan {
    let start = head.path.range.upperBound
    let count = head.target.range.upperBound - start
    let isKept = count <= Self.queryByteCountMax
    let query = isKept ? ByteSlice(offset: start, count: count) : .none
    return ResponsePlan(
      status: status,
      head: representation.okHead,
      body: .none,
      completion: .location(query: query)
    )
  }

  /// The response to a GET for `range` of the representation at `index`.
  private func plan(_ range: ByteRange, _ index: Int) -> ResponsePlan {
    let representation = representations[index]
    let total = representation.byteCount
    switch range {
    case .whole:
      return whole(representation)
    case .part(let offset, let count):
      return ResponsePlan(
        status: .partialContent,
        head: representation.partialHead,
        body: representation.body.part(offset: offset, count: count),
        completion: .part(offset: offset, total: total),
        coding: representation.coding
      )
    case .several:
      // The boundary is made from the entity tag. Without one the whole representation is sent,
      // which RFC 9110 §14.2 always allows.
      guard !representation.entityTag.isEmpty else { return whole(representation) }
      return ResponsePlan(
        status: .partialContent,
        head: representation.partialHead,
        body: .parts(representation: index),
        coding: representation.coding
      )
    case .unsatisfiable:
      return ResponsePlan(
        status: .rangeNotSatisfiable,
        head: fixed.rangeNotSatisfiable.head,
        body: fixed.rangeNotSatisfiable.body,
        completion: .unsatisfied(total: total)
      )
    }
  }
}
