"""Records as the service documents them: the seed's examples, the newer examples, and variants."""
# ruff: noqa: E501 - a record reads best in few lines

from __future__ import annotations

SEED_IDS = {"experimentId": "exp_research_001", "participantId": "user_xyz789"}

SEED = {
    "events": {
        "id": "event_123", "timestamp": "2024-10-20T14:30:45.123Z", "onset": 5000, **SEED_IDS, "sessionId": "room_abc123",
        "eventType": "component.complete", "category": "component", "componentType": "ShowVideo",
        "componentId": "video_intro", "content": "Video: introduction.mp4", "stateName": "introduction_state",
        "participantRole": "participant_a", "duration": 45000, "response": {"value": "yes", "responseTime": 3245},
    },
    "recordings": {
        "recordingId": "rec_abc123", **SEED_IDS, "roomId": "room_abc123", "participantName": "Participant A",
        "startTime": "2024-10-20T14:30:00.000Z", "endTime": "2024-10-20T14:45:00.000Z", "duration": 900000,
        "videoOffset": 5000, "downloadUrl": "https://storage.example/rec.mp4?Expires=1&Signature=SECRET",
        "fileSize": 145678901, "status": "completed", "format": "mp4", "resolution": "1280x720",
    },
    "chat": {
        "messageId": "msg_abc123", "experimentId": "exp_research_001", "roomId": "room_abc123", "senderId": "user_xyz789",
        "senderName": "Participant A", "content": "Hello everyone!", "timestamp": "2024-10-20T14:32:15.000Z",
        "onset": 135000, "recipientIds": ["user_aaa", "user_bbb"], "messageType": "text",
    },
    "ratings/continuous": {
        "ratingId": "rating_abc123", **SEED_IDS, "roomId": "room_abc123", "componentId": "emotion_rating",
        "timestamp": "2024-10-20T14:35:12.456Z", "onset": 312456, "value": 0.75, "normalizedValue": 0.75, "rawValue": 75,
        "scaleMin": 0, "scaleMax": 100,
    },
    "ratings/sparse": {
        "ratingId": "rating_xyz789", **SEED_IDS, "roomId": "room_abc123", "componentId": "mood_assessment",
        "timestamp": "2024-10-20T14:36:00.000Z", "onset": 320000, "value": 7, "responseTime": 3245, "scaleMin": 1,
        "scaleMax": 10, "labels": {"min": "Very sad", "max": "Very happy"},
    },
    "sync": {
        "metricId": "sync_abc123", **SEED_IDS, "roomId": "room_abc123", "timestamp": "2024-10-20T14:35:00.000Z",
        "onset": 300000, "timeDrift": -150, "playbackRate": 1.002, "syncQuality": 0.95, "latency": 85, "bufferHealth": 0.9,
    },
    "components": {
        "componentId": "video_intro", "componentType": "ShowVideo", "experimentId": "exp_research_001",
        "stateId": "introduction_state",
        "config": {"videoUrl": "https://example.com/video.mp4", "autoplay": True, "controls": False},
        "timestamp": "2024-10-20T14:30:45.123Z", "onset": 5000,
        "variableSnapshot": {"participant_name": "Alex", "condition": "treatment"},
    },
}  # fmt: skip

NEWER = {
    "events": {
        "id": "evt_k1", "timestamp": "2026-03-02T15:04:21.250Z", "onset": 81250, "experimentId": "exp_film",
        "roomId": "room_07", "participantId": "u_mia", "category": "component", "componentType": "VasRating",
        "content": "7", "stateId": "st_rate", "stateName": "Rate clip", "response": {"value": 61, "responseTime": 3900},
    },
    "recordings": {
        "recordingId": "EG_a71", "egressId": "EG_a71", "participantId": "u_mia", "participantName": "P1",
        "startTime": "2026-03-02T15:03:02.400Z", "endTime": None, "duration": 600000, "videoOffset": 2400,
        "downloadPath": "/data/recordings/download/room_07/EG_a71", "url": "https://s.example/x", "fileSize": None,
        "status": "complete", "format": "mp4",
        "metadata": {"type": "video", "recordingType": "individual", "roomName": "room_07", "experimentId": "exp_film"},
    },
    "ratings/continuous": {
        "ratingId": "cr_88", "experimentId": "exp_film", "roomId": "room_07", "participantId": "u_mia",
        "componentId": "valence", "timestamp": "2026-03-02T15:05:00.250Z", "onset": 120250, "value": 62,
        "rawValue": 62, "scale": {"min": 0, "max": 100},
    },
    "ratings/sparse": {
        "ratingId": "sr_4", "participantId": "u_mia", "timestamp": "2026-03-02T15:06:40.000Z", "onset": 220000,
        "rawOnset": 220012, "clockOffsetApplied": 12, "value": 25.0, "rawValue": -50, "scale": {"min": -100, "max": 100},
        "type": "sparse", "stateId": "st_film", "stimulusId": "vid_3", "stimulusTime": 130000, "responseTime": 2400,
        "confidence": None, "metadata": {"question": "How do you feel?", "dimension": "valence", "sampleIndex": 1},
        "ratingEndOnset": 222400,
        "sparseRatingData": {"videoId": "vid_3", "pauseIndex": 1, "pauseTimestamp": 1772464000000,
                             "componentData": {"value": -50}, "previousRatings": {"vid_3": 10}},
    },
    "participants": {
        "id": "u_mia", "roomId": "room_07", "role": "viewer", "status": "completed", "email": "mia@example.org",
        "joinedAt": "2026-03-02T14:58:00.000Z", "completedAt": "2026-03-02T15:16:00.000Z", "completionCode": "SUCCESS",
    },
    "rooms": {
        "id": "room_07", "experimentId": "exp_film", "deploymentId": "dep_1", "deploymentName": "Spring",
        "status": "completed", "participantCount": 2, "createdAt": "2026-03-02T14:59:30.000Z",
        "firstStateStartedAt": "2026-03-02T15:03:00.000Z",
    },
    "videochat": {
        "id": "vc_3", "roomId": "room_07", "participantId": "u_mia", "timestamp": "2026-03-02T15:03:01.000Z",
        "onset": 1000, "eventType": "participant_connected", "quality": {"score": 4},
    },
    "eyetracking": {
        "participantId": "u_mia", "roomId": "room_07", "timestamp": 1772464000000, "onset": 1000.5, "gazeX": 0.4,
        "gazeY": 0.6, "pupilDiameter": 3.1, "confidence": 0.9, "sampleCount": 5,
    },
    "variables": {"variable": "condition", "value": "B", "source": "seed", "persisted": True},
    "agent-decisions": {
        "_type": "decision", "id": "agent_r7_p2_3", "participantId": "agent_r7_p2", "roomId": "room_07", "seq": 3,
        "turnKind": "component", "action": "respond", "value": 44, "model": "m-1", "provider": "p", "latencyMs": 900,
        "inputTokens": 800, "outputTokens": 12, "timestamp": "2026-03-02T15:07:00.000Z",
    },
    "agent-runs": {
        "id": "agent_r7_p2", "participantId": "agent_r7_p2", "roomId": "room_07", "model": "m-1", "seed": 7,
        "totalCostUsd": 0.02, "startedAt": "2026-03-02T15:03:00.000Z", "endedAt": None, "orphaned": True,
    },
}  # fmt: skip
