%% Starts children at run time, measures their memory, and ends them with their supervisor.
-module(starts).
-behaviour(supervisor).
-export([run/5]).
-export([init/1]).

%% Kind is supervisor (simple_one_for_one) or dynamic (Elixir's DynamicSupervisor). End is shutdown
%% or kill: DynamicSupervisor takes a minute to shut 100 k children down.
run(Kind, End, WarmUp, Count, Outstanding) ->
    process_flag(trap_exit, true),
    Processes = erlang:system_info(process_count),
    {ok, Supervisor} = start(Kind),
    start_children(Kind, Supervisor, WarmUp, Outstanding),
    Weight = weigh(Supervisor),
    Begin = erlang:monotonic_time(),
    start_children(Kind, Supervisor, Count, Outstanding),
    Started = erlang:monotonic_time(),
    Heavier = weigh(Supervisor),
    EndBegin = erlang:monotonic_time(),
    exit(Supervisor, End),
    receive {'EXIT', Supervisor, _} -> ok end,
    Ended = erlang:monotonic_time(),
    wait_until_at_most(Processes),
    [nanoseconds(Started - Begin) / Count, (Heavier - Weight) / Count, nanoseconds(Ended - EndBegin)].

start(supervisor) ->
    supervisor:start_link(?MODULE, []);
start(dynamic) ->
    'Elixir.DynamicSupervisor':start_link([{strategy, one_for_one}, {max_restarts, 1000000000}]).

%% Starts one client for each outstanding call. A single client with all requests in flight is no
%% faster: the supervisor searches its mailbox for each child's ack, behind the waiting requests.
start_children(Kind, Supervisor, Count, 1) ->
    start_each(Kind, Supervisor, Count);
start_children(Kind, Supervisor, Count, Outstanding) ->
    Clients = [spawn_monitor(fun() -> start_each(Kind, Supervisor, Part) end)
               || Part <- parts(Count, Outstanding)],
    [receive {'DOWN', Monitor, process, _, normal} -> ok end || {_, Monitor} <- Clients].

parts(Count, 1) -> [Count];
parts(Count, Into) -> [Count div Into | parts(Count - Count div Into, Into - 1)].

start_each(_, _, 0) ->
    ok;
start_each(supervisor, Supervisor, Left) ->
    {ok, _} = supervisor:start_child(Supervisor, []),
    start_each(supervisor, Supervisor, Left - 1);
start_each(dynamic, Supervisor, Left) ->
    {ok, _} = 'Elixir.DynamicSupervisor':start_child(Supervisor, child()),
    start_each(dynamic, Supervisor, Left - 1).

weigh(Supervisor) ->
    erlang:garbage_collect(Supervisor),
    erlang:garbage_collect(),
    erlang:memory(total).

wait_until_at_most(Processes) ->
    case erlang:system_info(process_count) of
        Left when Left > Processes ->
            receive after 1 -> wait_until_at_most(Processes) end;
        _ ->
            ok
    end.

nanoseconds(Native) -> erlang:convert_time_unit(Native, native, nanosecond).

child() -> #{id => child, start => {ping_server, start_link, []}}.

init([]) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 1000000000, period => 5}, [child()]}}.
