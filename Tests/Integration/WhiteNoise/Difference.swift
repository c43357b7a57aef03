/// The complete list of intended differences between `staticd` and WhiteNoise 6.12.
///
/// The page DifferencesFromWhiteNoise has a row for each. Tests check this, and that each
/// difference still occurs.
enum Difference: String, CaseIterable, Sendable {
  case entityTags, qualityValues, wildcard, codingNames, equalSizes, unusedVariants
  case entityTagLists, dates, preconditions
  case oneByteRanges, severalRanges, malformedRanges, rangeUnits, rangesOfHead, acceptRanges
  case options, notModified, errors, unknownNames
  case extensionless, mediaTypes, privateFiles, targets

  /// The behavior of WhiteNoise, as in the start of its row.
  var row: String {
    switch self {
    case .entityTags: "one entity tag for all codings, from time and size"
    case .qualityValues: "`gzip;q=0` still gets gzip; the order of q-values does not count"
    case .wildcard: "`*` gets identity"
    case .codingNames: "`GZIP` is not gzip, `br-x` is br"
    case .equalSizes: "brotli and gzip of equal size: gzip"
    case .unusedVariants: "`Vary` also where no variant is ever sent, being larger"
    case .entityTagLists: "`If-None-Match` must be equal as a whole"
    case .dates: "`If-Modified-Since` counts without weekday or zone, and in any zone as if in GMT"
    case .preconditions: "`If-Match`, `If-Unmodified-Since` and `If-Range` are ignored"
    case .oneByteRanges: "a range of one byte is 416"
    case .severalRanges: "several ranges get the whole file"
    case .malformedRanges: "`bytes=5-4` is 416, `bytes=-0` everything, `bytes=+1-9` a range"
    case .rangeUnits: "`Bytes=0-9` is ignored"
    case .rangesOfHead: "HEAD with `Range` is 206"
    case .acceptRanges: "no `Accept-Ranges`"
    case .options: "OPTIONS is 405"
    case .notModified: "304 without `Access-Control-Allow-Origin`"
    case .errors: "405 and 416 without text, `Cache-Control` and `Access-Control-Allow-Origin`"
    case .unknownNames: "an unknown name gets the site's own 404"
    case .extensionless: "files without extension are never immutable"
    case .mediaTypes: "`.woff` is `application/font-woff`, `.map` `application/octet-stream`, ..."
    case .privateFiles: "dot files, `staticfiles.json` and links out of the root are public"
    case .targets: "a `%` that begins no escape stands for itself, `#` and the rest are cut off"
    }
  }

  /// Why `staticd` behaves differently.
  var reason: String {
    switch self {
    case .entityTags: "a strong tag names one sequence of bytes (RFC 9110 8.8.1, 8.8.3.3)"
    case .qualityValues: "RFC 9110 12.4.2, 12.5.3: 0 is not acceptable"
    case .wildcard: "RFC 9110 12.5.3: it matches every coding"
    case .codingNames: "RFC 9110 8.4.1: codings are tokens, case does not matter"
    case .equalSizes: "brotli decodes to the same; the order is fixed and nothing depends on it"
    case .unusedVariants: "one representation is one answer for all: caches need no second key"
    case .entityTagLists: "RFC 9110 13.1.2: a list, `*`, weak comparison"
    case .dates: "RFC 9110 5.6.7, 13.1.3: what is no HTTP-date is ignored"
    case .preconditions: "RFC 9110 13.1, 13.2.2"
    case .oneByteRanges: "RFC 9110 14.1.2: the last position is inclusive"
    case .severalRanges: "RFC 9110 14.2, 15.3.7.2"
    case .malformedRanges: "RFC 9110 14.1.1, 14.1.2"
    case .rangeUnits: "RFC 9110 14.1: case does not matter"
    case .rangesOfHead: "RFC 9110 14.2: Range is defined for GET alone"
    case .acceptRanges: "RFC 9110 14.3; downloads resume only where it is announced"
    case .options: "RFC 9110 9.3.7"
    case .notModified: "a shared cache that updates its copy keeps what pages of others need"
    case .errors: "a person sees what went wrong; a page of others sees the status"
    case .unknownNames: "there is no site behind the files; a deploy may bring the name soon"
    case .extensionless: "the manifest knows them"
    case .mediaTypes: "IANA's registry of today"
    case .privateFiles: "what is public is what was collected"
    case .targets: "RFC 9112 3.2, RFC 3986 2.1: no such target; two readings are one too many"
    }
  }

  /// The fields and statuses that this difference may affect.
  var scopes: [Scope] {
    switch self {
    case .entityTags: [.fields(["tag"])]
    case .qualityValues, .wildcard, .codingNames:
      [.fields(["Content-Encoding", "Content-Length"])]
    case .equalSizes: [.fields(["Content-Encoding"])]
    case .unusedVariants: [.fields(["Vary"])]
    case .entityTagLists: [.statuses([200], [304])]
    case .dates: [.statuses([304], [200])]
    case .preconditions: [.statuses([200], [412]), .statuses([206, 416], [200])]
    case .oneByteRanges: [.statuses([416], [206])]
    case .severalRanges: [.statuses([200], [206, 416])]
    case .malformedRanges: [.statuses([206, 416], [200]), .statuses([206], [416])]
    case .rangeUnits: [.statuses([200], [206, 416])]
    case .rangesOfHead: [.statuses([206, 416], [200])]
    case .acceptRanges: [.fields(["Accept-Ranges"])]
    case .options: [.statuses([405], [204]), .fields(["Allow"])]
    case .notModified: [.fields(["Access-Control-Allow-Origin"], status: [304])]
    case .errors:
      [
        .fields(
          ["Content-Type", "Content-Length", "Cache-Control", "Access-Control-Allow-Origin"],
          status: [405, 416]
        )
      ]
    case .unknownNames:
      [.fields(["Content-Type", "Content-Length", "Cache-Control"], status: [404])]
    case .extensionless: [.fields(["Cache-Control"])]
    case .mediaTypes: [.fields(["Content-Type"])]
    case .privateFiles: [.statuses([200, 405], [404])]
    case .targets: [.statuses([200, 405], [400, 404])]
    }
  }

  /// The differences that any request may show; others are allowed only where a row of the tables
  /// names them.
  static let everywhere: [Difference] = [.acceptRanges, .notModified, .errors, .unknownNames]

  /// Whether this difference explains `mismatch`.
  func explains(_ mismatch: Mismatch) -> Bool {
    scopes.contains { scope in
      switch scope {
      case .fields(let names, let status):
        mismatch.whiteNoise.status == mismatch.staticd.status && names.contains(mismatch.field)
          && status?.contains(mismatch.staticd.status) != false
      case .statuses(let from, let to):
        from.contains(mismatch.whiteNoise.status) && to.contains(mismatch.staticd.status)
      }
    }
  }

  enum Scope {
    /// These fields may differ if both statuses are equal and among those given.
    case fields(Set<String>, status: Set<Int>? = nil)
    /// The statuses, and so all fields, may differ.
    case statuses(Set<Int>, Set<Int>)
  }
}
