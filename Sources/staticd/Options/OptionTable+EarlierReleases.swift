/// The options of collecting for earlier releases, and for identical replicas of a release.
extension OptionTable {
  static let earlierReleases: [OptionDefinition] = [
    OptionDefinition(
      name: .fromRelease,
      kind: .text("URL|DIR"),
      commands: [.collect],
      topic: .release,
      help: """
        Where an earlier release is: its root, s3://BUCKET/PREFIX, or the URL of its files at a server \
        with --share-manifests. Its hashed files are carried over, as far as --keep-releases leaves room \
        and the new release has no such names. Repeat for more, the newest first.
        """,
      example: "collect static --root staticfiles --from-release earlier",
      isRepeated: true
    ),
    OptionDefinition(
      name: .fromReleaseOptional,
      kind: .isOn,
      commands: [.collect],
      topic: .release,
      help: "Go on with a warning when an earlier release, or a file of it, cannot be read.",
      example: "collect static --root staticfiles --from-release http://127.0.0.1:9/static/"
        + " --from-release-optional"
    ),
    OptionDefinition(
      name: .sourceDate,
      kind: .number(0...253_402_300_799, "SECONDS"),
      commands: [.collect],
      topic: .release,
      help: """
        When the sources were last modified, in seconds since 1970: the Last-Modified of all files, \
        the same from every replica.
        """,
      example: "collect static --root staticfiles --source-date 1767225600",
      otherwise: "the time of each file in the root",
      variables: [.init(name: "SOURCE_DATE_EPOCH", reading: .text)]
    ),
  ]
}
