import CropEngine
import FrameOutput
import Testing

@testable import xregioncap

@Suite("The options of a further stream") struct AlsoOptionsTests {
  private func parse(_ text: String) throws -> AlsoOptions {
    try AlsoOptions(parsing: text, subject: "--also")
  }

  @Test("Keys are options without their dashes, flags stand alone, in any order")
  func keys() throws {
    let options = try parse(
      "frame-params,size=10x20,crop-to=child:2,on-lost=end,output=a.y4m,format=y4m,pix-fmt=gray,"
        + "color-range=full,on-resize=crop,on-empty=black,frame-log=a.log")
    #expect(options.target.cropTo == "child:2" && options.target.partial == .silent)
    #expect(options.frames.output == "a.y4m" && options.frames.format == .y4m)
    #expect(options.frames.pixFmt == .gray && options.frames.colorRange == .full)
    #expect(options.frames.size == "10x20" && options.frames.onResize == .crop)
    #expect(options.empty.onEmpty == .black && options.empty.onLost == .end)
    #expect(options.log.frameLog == "a.log" && options.log.frameParams)
  }

  @Test(
    "A comma that no key follows belongs to the value before it",
    arguments: [
      ("crop-to=10,20 30x40,output=x", "10,20 30x40", "x"),
      ("output=a,b,c,crop-to=name:x,class:y", "name:x,class:y", "a,b,c"),
      ("output=x,crop-to=name:,", "name:,", "x"),
      ("crop-to=name:a=b,output=c=d", "name:a=b", "c=d"),
      ("output=a,colour=red,crop-to=child", "child", "a,colour=red"),
      ("crop-to=name:x,,output=y", "name:x,", "y"),
      ("output=-,crop-to=-5,-6 1x1", "-5,-6 1x1", "-"),
      ("output=--size=1x1,crop-to=--", "--", "--size=1x1"),
    ])
  func commas(_ text: String, _ target: String, _ output: String) throws {
    let options = try parse(text)
    #expect(options.target.cropTo == target)
    #expect(options.frames.output == output)
    #expect(options.frames.size == nil)
  }

  @Test(
    "What is none is TypeError",
    arguments: [
      ("", "expected crop-to=…"), ("banana", "'banana': expected crop-to=…"),
      (",output=x", "'': expected"), ("output=x,output=y", "'output' is given twice"),
      ("output=x,frame-params,frame-params", "'frame-params' is given twice"),
      ("framerate=10", "'framerate=10': expected"), ("Output=x", "'Output=x': expected"),
      ("output", "--output"), ("output=x,size", "--size"),
      ("output=x,frame-params=yes", "frame-par"),
      ("output=x,frame-params,more", "'more': expected"), ("output=x,format=mp4", "mp4"),
      ("output=x,partial=grey", "grey"), ("geometry=1x1+0+0,output=x", "'geometry=1x1+0+0'"),
      ("output=x,pix-fmt=rgb", "rgb"), ("output=x,on-resize=grow", "grow"),
      (" output=x", "' output=x': expected"), ("=x", "'=x': expected"),
    ])
  func bad(_ text: String, _ word: String) {
    let error = #expect(throws: CaptureError.self) { try parse(text) }
    #expect(error?.name == .type && error?.subject == "--also")
    #expect(error?.reason.contains(word) == true, "\(error?.reason ?? "")")
    #expect(error?.reason.contains("\n") == false)
  }

  @Test("A stream needs a file of its own; what is wrong with its options is said as of others")
  func plan() throws {
    func error(_ text: String) -> CaptureError? {
      #expect(throws: CaptureError.self) {
        try parse(text).plan(rate: .perSecond(30, over: 1), subject: "--also")
      }
    }
    for text in ["crop-to=child", "output=-", "output=-,crop-to=child"] {
      let error = error(text)
      #expect(error?.name == .type && error?.reason.contains("output=FILE is missing") == true)
    }
    #expect(error("output=x,size=0x1")?.name == .overconstrained)
    #expect(error("output=x,crop-to=1x0+0+0")?.name == .overconstrained)
    #expect(error("output=x,crop-to=banana")?.name == .type)
    #expect(error("output=x,crop-to=pick")?.reason == "only the first target can be picked")
    #expect(error("output=x,crop-to=pick:child")?.name == .type)
    #expect(error("output=x,restrict-to=pick")?.reason == "only the first target can be picked")
    #expect(error("output=x,restrict-to=banana")?.subject == "--also")
    #expect(
      error("output=x,restrict-to=child,crop-to=child")?.reason
        == "--crop-to was given too: there is one target")
    #expect(error("output=x.y4m,pix-fmt=bgr0")?.name == .type)
    #expect(error("output=x.raw,on-resize=native")?.subject == "--on-resize native")
    #expect(error("output=x.raw,frame-params")?.subject == "--frame-params")
    #expect(error("output=x.pam,frame-params")?.subject == "--frame-params")
    #expect(error("output=x.png")?.name == .type)
    #expect(error("output=x.avi")?.name == .type)
    #expect(error("output=x.mp4,frame-params")?.subject == "--frame-params")
    #expect(error("output=x.mp4,on-resize=native")?.subject == "--on-resize native")
    #expect(error("output=x.y4m,ffmpeg-args=-crf 9")?.subject == "--ffmpeg-args")
    #expect(error("output=,crop-to=child")?.name == .type)

    let plan = try parse("output=x.raw,on-resize=native,frame-log=l")
      .plan(rate: .perSecond(25, over: 1), subject: "--also")
    #expect(plan.frames.format == .raw && plan.frames.rate == .perSecond(25, over: 1))
    #expect(plan.logName == "l" && plan.outputPath == "x.raw")
    #expect(plan.target.wanted == nil && !plan.target.showsPartial)

    let video = try parse("output=x.MP4,ffmpeg-args=-vf hue=s=0,eq=gamma=2 -g '1 0'")
      .plan(rate: .perSecond(25, over: 1), subject: "--also")
    #expect(video.frames.format == .y4m && video.frames.pixelFormat == .yuv420p)
    #expect(
      video.video
        == VideoSettings(.mp4, arguments: ["-vf", "hue=s=0,eq=gamma=2", "-g", "1 0"]))
    let frames = try parse("output=x.mp4,format=y4m")
      .plan(rate: .perSecond(25, over: 1), subject: "--also")
    #expect(frames.video == nil, "a format that is named is meant, whatever the ending is")

    let restricted = try parse("partial=black,output=x.raw,restrict-to=1,2 3x4,format=raw")
      .plan(rate: .perSecond(25, over: 1), subject: "--also").target
    #expect(restricted.showsPartial && restricted.wanted?.kind == .restrict)
    let region = RegionGeometry(size: Size(width: 3, height: 4), x: .start(1), y: .start(2))
    #expect(restricted.wanted?.specifier == .region(region))
  }
}
