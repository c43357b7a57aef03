import Testing

@testable import StaticServer

/// The reason phrases in the status lines of handlers' responses.
///
/// Goal: a status of RFC 9110 has its phrase and other statuses have none.
@Suite struct ReasonPhraseTests {
  @Test(
    "the phrase of a status",
    arguments: [
      (200, "OK"), (201, "Created"), (299, ""), (304, "Not Modified"), (401, "Unauthorized"),
      (403, "Forbidden"), (409, "Conflict"), (422, "Unprocessable Content"),
      (429, "Too Many Requests"), (499, ""), (503, "Service Unavailable"), (599, ""),
    ] as [(UInt16, String)]
  )
  func phrases(status: UInt16, phrase: String) {
    #expect(ReasonPhrase.of(status) == phrase)
  }
}
